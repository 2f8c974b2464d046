package dev.servicepool.spring.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.spring.autoconfigure.EmptyRegistry;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolProperties;
import dev.servicepool.spring.autoconfigure.PoolRegistry;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import dev.servicepool.spring.docs.Documentation.Snippet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code in the documentation works: each Java snippet is part of a compiled
 * class, and an application starts with each YAML snippet.
 */
class SnippetTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class))
		.withUserConfiguration(ReadmeSnippets.class, ServiceSnippets.class)
		.withBean(EmptyRegistry.class)
		.withPropertyValues("pool.eager=false");

	@Test
	void javaSnippetsAreCompiled() throws IOException {
		List<String> sources;
		try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
			sources = files.filter((file) -> file.toString().endsWith(".java")).map(Documentation::read).toList();
		}
		assertThat(Documentation.snippets("java")).hasSizeGreaterThan(5)
			.allSatisfy((snippet) -> assertThat(sources).as("%s", snippet).anyMatch(snippet::isPartOf));
	}

	@Test
	void javaSnippetsOfReadmeWork() throws Exception {
		this.runner.run((context) -> assertThat(
				context.getBean(ReadmeSnippets.Assistant.class).ask(new ReadmeSnippets.Prompt("question")).text())
			.isEqualTo("response to question"));
		assertThat(ReadmeSnippets.withoutSpring((target) -> (request) -> request.toUpperCase())).isEqualTo("QUESTION");
	}

	@ParameterizedTest
	@MethodSource
	void yamlCreatesThePoolsThatItConfigures(Snippet yaml) {
		this.runner.withInitializer((context) -> load(yaml, context)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(PoolRegistry.class).all()).extracting(Pool::name)
				.containsAll(context.getBean(PoolProperties.class).getInstances().keySet());
		});
	}

	static List<Snippet> yamlCreatesThePoolsThatItConfigures() throws IOException {
		return Documentation.snippets("yaml");
	}

	static void load(Snippet yaml, ConfigurableApplicationContext context) {
		try {
			new YamlPropertySourceLoader()
				.load("snippet", new ByteArrayResource(yaml.code().getBytes(StandardCharsets.UTF_8)))
				.forEach(context.getEnvironment().getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new AssertionError(yaml.toString(), ex);
		}
	}

}
