package dev.servicepool;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * How the core is built.
 */
class ArchitectureTests {

	private final JavaClasses core = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("dev.servicepool");

	@Test
	void itStandsAlone() {
		classes().should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool..")
			.because("the core knows no framework")
			.check(this.core);
	}

	@Test
	void thePartsKnowNothingOfThePoolNorOfEachOther() {
		for (String part : new String[] { "load", "sizing", "internal.balance" }) {
			classes().that()
				.resideInAPackage("dev.servicepool." + part)
				.should()
				.onlyDependOnClassesThat()
				.resideInAnyPackage("java..", "org.jspecify..", "dev.servicepool." + part)
				.because("each part can be understood and tested alone")
				.check(this.core);
		}
	}

	@Test
	void onePlaceOwnsTheClockAndNobodySleeps() {
		noClasses().that()
			.doNotHaveSimpleName("SystemTicker")
			.should()
			.callMethod(System.class, "nanoTime")
			.because("time is an argument")
			.check(this.core);
		noClasses().should()
			.callMethod(Thread.class, "sleep", long.class)
			.because("the pool waits for conditions")
			.check(this.core);
	}

}
