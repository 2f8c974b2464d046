package dev.servicepool;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Tests for the architecture of the core.
 */
class ArchitectureTests {

	private final JavaClasses core = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.servicepool");

	@Test
	void coreDependsOnlyOnJavaAndJspecify() {
		classes().should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool..")
			.because("the core depends on no framework")
			.check(this.core);
	}

	@Test
	void partsDependNeitherOnPoolNorOnEachOther() {
		for (String part : new String[] { "load", "sizing", "internal.balance" }) {
			classes().that()
				.resideInAPackage("dev.servicepool." + part)
				.should()
				.onlyDependOnClassesThat()
				.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool." + part)
				.because("each part can be understood and tested separately")
				.check(this.core);
		}
	}

	@Test
	void onlySystemTickerReadsClockAndNoThreadSleeps() {
		noClasses().that()
			.doNotHaveSimpleName("SystemTicker")
			.should()
			.callMethod(System.class, "nanoTime")
			.because("the other classes receive the time as an argument")
			.check(this.core);
		noClasses().should()
			.callMethod(Thread.class, "sleep", long.class)
			.because("threads of the pool wait for conditions")
			.check(this.core);
	}

}
