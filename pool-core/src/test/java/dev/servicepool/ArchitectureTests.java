package dev.servicepool;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the architecture of the core.
 */
class ArchitectureTests {

	private static final SliceAssignment TOP_LEVEL_CLASSES = new SliceAssignment() {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""));
		}

		@Override
		public String getDescription() {
			return "classes";
		}

	};

	private static final JavaClasses core = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.servicepool");

	@Test
	void coreDependsOnlyOnJavaAndJspecify() {
		classes().should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool..")
			.because("the core depends on no framework")
			.check(core);
	}

	@Test
	void noClassUsesBigDecimal() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAPackage("java.math..")
			.because("the first use of BigDecimal takes 30 ms on Java 25, and would delay the first burst")
			.check(core);
	}

	@Test
	void loadMetricsAndAlgorithmsStandAlone() {
		for (String part : new String[] { "load", "internal.sizing", "internal.balance", "internal.util" }) {
			classes().that()
				.resideInAPackage("dev.servicepool." + part)
				.should()
				.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool." + part)
					.or(type(LoadLevel.class)))
				.because("each part can be understood and tested separately")
				.check(core);
		}
	}

	@Test
	void leavesOfEngineKnowNothingOfMember() {
		for (String leaf : new String[] { "permit", "outlier", "leak", "retry", "target", "event" }) {
			noClasses().that()
				.resideInAPackage("dev.servicepool.internal." + leaf)
				.should()
				.dependOnClassesThat(resideInAPackage("dev.servicepool.internal..")
					.and(not(resideInAnyPackage("dev.servicepool.internal." + leaf, "dev.servicepool.internal.util"))))
				.because("a leaf is understood without the engine and without the other leaves")
				.check(core);
		}
	}

	@Test
	void classesFormNoCycles() {
		slices().assignedFrom(TOP_LEVEL_CLASSES)
			.should()
			.beFreeOfCycles()
			.ignoreDependency(Pool.class, PoolBuilder.class)
			.ignoreDependency(type(LoadMetric.class), resideInAPackage("dev.servicepool.load"))
			.because("a class is understood from the classes that it uses, without those that use it; only an"
					+ " interface refers to its default implementations")
			.check(core);
	}

	@Test
	void onlyBuilderUsesEngine() {
		noClasses().that()
			.resideOutsideOfPackage("dev.servicepool.internal..")
			.and()
			.doNotHaveFullyQualifiedName(PoolBuilder.class.getName())
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.servicepool.internal..")
			.because("the engine can change without its users")
			.check(core);
	}

	@Test
	void engineHasOneEntryPoint() {
		classes().that()
			.resideInAPackage("dev.servicepool.internal")
			.and()
			.areTopLevelClasses()
			.and()
			.arePublic()
			.should()
			.haveSimpleName("DefaultPool")
			.because("all other classes of the engine are hidden behind it")
			.check(core);
	}

	@Test
	void moduleExportsPublicPackages() throws Exception {
		URI classes = Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI();
		try (InputStream descriptor = classes.resolve("module-info.class").toURL().openStream()) {
			assertThat(ModuleDescriptor.read(descriptor).exports()).extracting(ModuleDescriptor.Exports::source)
				.containsExactlyInAnyOrder("dev.servicepool", "dev.servicepool.load");
		}
	}

	@Test
	void constructorsHaveAtMostEightParameters() {
		constructors().should()
			.haveRawParameterTypes(describe("of at most eight parameters", (types) -> types.size() <= 8))
			.because("values in a long list of arguments are easily confused, while records name groups of them")
			.check(core);
	}

	@Test
	void onlyTickerReadsClockAndNoThreadSleeps() {
		noClasses().that()
			.areNotAssignableTo(Ticker.class)
			.should()
			.callMethod(System.class, "nanoTime")
			.because("the other classes receive the time as an argument")
			.check(core);
		noClasses().should()
			.callMethod(Thread.class, "sleep", long.class)
			.because("threads of the pool wait for conditions")
			.check(core);
	}

}
