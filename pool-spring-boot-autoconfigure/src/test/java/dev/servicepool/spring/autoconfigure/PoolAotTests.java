package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for an application that is processed ahead of time, compiled, and started with
 * {@code spring.aot.enabled}. The processing matches {@code process-aot} of Boot's
 * plugin.
 */
class PoolAotTests {

	@TempDir
	private static Path directory;

	private static Map<String, Object> found;

	@BeforeAll
	static void processAndCompileAndRun() throws Exception {
		ForkedClassPath.ofTests().run(Processing.class, directory);
		compile();
		Files.writeString(Processing.classes(directory).resolve("spring.properties"), "spring.aot.enabled=true");
		found = run("--pool.instances.lengths.max-services=3");
	}

	@Test
	void startsFromGeneratedCodeOnly() {
		assertThat(found).containsEntry("processed", true).containsEntry("parsesConfiguration", false);
	}

	@Test
	void injectsPoolsByTheirTypes() {
		assertThat(found).containsEntry("result", "wordword".length());
	}

	@Test
	void readsPoolOptionsAtStartup() {
		assertThat(found).containsEntry("lengthsMax", 3);
	}

	@Test
	void detectsHttpPools() {
		assertThat(found).containsEntry("quotesMaxConcurrency", HttpPoolKind.DEFAULT_MAX_CONCURRENCY)
			.containsEntry("quotesInterceptor", "PooledClientHttpRequestInterceptor");
	}

	@Test
	void createsPoolsWithoutFactory() {
		assertThat(found).containsEntry("ordersMaxConcurrency", HttpPoolKind.DEFAULT_MAX_CONCURRENCY)
			.containsEntry("routes", true);
	}

	@Test
	void exposesPoolsToEndpointAndMetrics() {
		List<String> pools = List.of("lengths", "orders", "quotes", "search", "words");
		assertThat(found).containsEntry("shown", pools).containsEntry("measured", pools);
	}

	@Test
	@Tag("slow")
	void poolingIsDisabledAtRunTime() throws Exception {
		List<String> others = List.of("lengths", "words");
		assertThat(run("--pool.enabled=false")).containsEntry("routes", false)
			.containsEntry("shown", others)
			.containsEntry("measured", others)
			.doesNotContainEntry("quotesInterceptor", "PooledClientHttpRequestInterceptor");
	}

	@Test
	void injectedPoolThatIsDisabledAtRunTimeFailsStartup() {
		assertThatException().isThrownBy(() -> run("--pool.instances.words.enabled=false"))
			.havingRootCause()
			.withMessageStartingWith("The pool 'words' is injected, but 'pool.instances.words.enabled' is false.");
	}

	private static Map<String, Object> run(String argument) throws Exception {
		return ForkedClassPath.ofTests()
			.with(Processing.classes(directory))
			.run(AotApplication.class, List.of(argument));
	}

	private static void compile() throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter output = new StringWriter();
		try (Stream<Path> generated = Files.walk(Processing.sources(directory));
				StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			List<Path> sources = generated.filter((file) -> file.toString().endsWith(".java")).toList();
			boolean compiled = compiler
				.getTask(output, files, null,
						List.of("-proc:none", "-parameters", "-d", Processing.classes(directory).toString()), null,
						files.getJavaFileObjectsFromPaths(sources))
				.call();
			assertThat(compiled).as(output.toString()).isTrue();
		}
	}

	/**
	 * Ahead-of-time processing of the application.
	 */
	public static final class Processing implements Function<Path, Boolean> {

		@Override
		public Boolean apply(Path directory) {
			new SpringApplicationAotProcessor(AotApplication.class,
					Settings.builder()
						.sourceOutput(sources(directory))
						.resourceOutput(classes(directory))
						.classOutput(classes(directory))
						.groupId("dev.servicepool")
						.artifactId("aot")
						.build(),
					new String[0])
				.process();
			return true;
		}

		static Path sources(Path directory) {
			return directory.resolve("sources");
		}

		static Path classes(Path directory) {
			return directory.resolve("classes");
		}

	}

}
