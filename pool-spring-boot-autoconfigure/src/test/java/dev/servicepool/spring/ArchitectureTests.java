package dev.servicepool.spring;

import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Tests for the architecture of this module.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.servicepool.spring";

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	@Test
	void httpDependsOnlyOnCoreAndSpringWeb() {
		check(classes().that()
			.resideInAPackage(ROOT + ".http")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "org.apache.commons.logging", "dev.servicepool",
					"dev.servicepool.load", ROOT + ".http", ROOT + ".http.client", "io.micrometer.common",
					"io.micrometer.observation", "org.springframework.http..", "org.springframework.util..",
					"org.springframework.core.task..", "org.springframework.beans.factory")
			.because("pooled HTTP must work without Boot, Actuator, and meters"));
	}

	@Test
	void adaptersDoNotKnowRequestsOfPools() {
		check(noClasses().that()
			.resideInAPackage(ROOT + ".http.client")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT, ROOT + ".http", ROOT + ".options", ROOT + ".routing", ROOT + ".autoconfigure")
			.because("an adapter knows a client library, and not how pools use it"));
	}

	@Test
	void onlyAdaptersDependOnClientLibraries() {
		check(noClasses().that()
			.resideOutsideOfPackage(ROOT + ".http.client")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.net.http", "org.apache.hc..", "org.eclipse.jetty..", "reactor..", "io.netty..")
			.because("everything that pools know about a client library is in its adapter"));
	}

	@Test
	void actuateDependsOnlyOnCoreAndActuator() {
		check(classes().that()
			.resideInAPackage(ROOT + ".actuate")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool..", ROOT + ".actuate",
					"org.springframework.boot.actuate.endpoint..", "org.springframework.boot.convert",
					"org.springframework.boot.health.contributor", "com.fasterxml.jackson.annotation")
			.because("the endpoint and the health contributor show pools of all kinds"));
	}

	@Test
	void metricsDependsOnlyOnCoreAndMicrometer() {
		check(classes().that()
			.resideInAPackage(ROOT + ".metrics")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool", ROOT + ".metrics",
					"io.micrometer.core..")
			.because("the meters measure pools of all kinds"));
	}

	@Test
	void optionsDependOnlyOnCoreAndBoot() {
		check(classes().that()
			.resideInAPackage(ROOT + ".options")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool", "dev.servicepool.load",
					ROOT + ".options", "org.springframework.boot.context.properties")
			.because("an option is a value, and autoconfigure knows what follows from it"));
	}

	@Test
	void routingDependsOnlyOnHttpAndBoot() {
		check(classes().that()
			.resideInAPackage(ROOT + ".routing")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "org.apache.commons.logging", "dev.servicepool",
					ROOT + ".http", ROOT + ".routing", "org.springframework..")
			.because("routing looks up pools by address, and autoconfigure knows the addresses"));
	}

	@Test
	void onlyAutoConfigurationDependsOnOtherPackages() {
		for (String name : new String[] { "http", "actuate", "metrics" }) {
			check(noClasses().that()
				.resideInAPackage(ROOT + "." + name)
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(othersThan(name))
				.because("each optional library has its own package, and only autoconfigure combines them"));
		}
	}

	@Test
	void packagesHaveNoCycles() {
		check(SlicesRuleDefinition.slices()
			.matching(ROOT + ".(*)..")
			.should()
			.beFreeOfCycles()
			.because("a package in a cycle cannot be understood separately"));
	}

	@Test
	void constructorsHaveAtMostEightParameters() {
		check(constructors().should()
			.haveRawParameterTypes(describe("of at most eight parameters", (types) -> types.size() <= 8))
			.because("values in a long list of arguments are easily confused, while records name groups of them"));
	}

	@Test
	void noThreadSleeps() {
		check(noClasses().should()
			.callMethodWhere(target(owner(assignableTo(Thread.class))).and(target(name("sleep"))))
			.because("code that waits for a time instead of an event is slow or wrong"));
	}

	@Test
	void noClassReadsTheSystemClock() {
		check(noClasses().should()
			.callMethod(System.class, "nanoTime")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.because("the ticker of the core is the only source of time, so that tests can control it"));
	}

	private static String[] othersThan(String name) {
		return Stream.of("http", "actuate", "metrics", "options", "routing", "autoconfigure")
			.filter((other) -> !other.equals(name))
			.map((other) -> ROOT + "." + other + "..")
			.toArray(String[]::new);
	}

	private void check(ArchRule rule) {
		rule.check(classes);
	}

}
