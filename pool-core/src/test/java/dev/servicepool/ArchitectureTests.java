package dev.servicepool;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
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
		for (String part : new String[] { "load", "internal.sizing", "internal.balance" }) {
			classes().that()
				.resideInAPackage("dev.servicepool." + part)
				.should()
				.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool." + part)
					.or(type(LoadLevel.class)))
				.because("each part can be understood and tested separately")
				.check(this.core);
		}
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
			.check(this.core);
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
			.check(this.core);
	}

	@Test
	void onlyTickerReadsClockAndNoThreadSleeps() {
		noClasses().that()
			.areNotAssignableTo(Ticker.class)
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
