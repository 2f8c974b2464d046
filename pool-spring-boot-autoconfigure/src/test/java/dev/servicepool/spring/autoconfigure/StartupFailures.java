package dev.servicepool.spring.autoconfigure;

import java.util.Objects;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Failure analyses of applications that cannot start. As in Boot, the first analyzer of
 * {@code spring.factories} that returns an analysis is used.
 */
final class StartupFailures {

	private StartupFailures() {
	}

	/**
	 * Start an application that must fail.
	 * @param runner the runner that starts the application
	 * @param properties the properties of the application
	 * @return the analysis that Boot would print, without the origins of properties
	 */
	static FailureAnalysis analyze(ApplicationContextRunner runner, String... properties) {
		FailureAnalysis analysis = analyzeWithOrigin(runner, properties);
		return new FailureAnalysis(analysis.getDescription().replaceAll("\n\n    Origin: .*", ""), analysis.getAction(),
				analysis.getCause());
	}

	/**
	 * Start an application that must fail.
	 * @param runner the runner that starts the application
	 * @param properties the properties of the application
	 * @return the analysis that Boot would print
	 */
	static FailureAnalysis analyzeWithOrigin(ApplicationContextRunner runner, String... properties) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		ConfigurableApplicationContext[] failed = new ConfigurableApplicationContext[1];
		runner.withPropertyValues(properties).withInitializer((context) -> failed[0] = context).run((context) -> {
			assertThat(context).hasFailed();
			analysis[0] = analyze(context.getStartupFailure(), failed[0]);
		});
		return analysis[0];
	}

	private static FailureAnalysis analyze(Throwable failure, ConfigurableApplicationContext context) {
		ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
			.and(Environment.class, context.getEnvironment());
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, arguments, FailureHandler.handleMessage((message, ignored) -> {
			}))
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No analysis of the failure", failure));
	}

}
