package dev.servicepool.spring.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolProperties;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import dev.servicepool.spring.docs.Documentation.Snippet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the manifests and settings in {@code docs/kubernetes.md}.
 */
class KubernetesTests {

	private static final Path PAGE = Documentation.ROOT.resolve("docs/kubernetes.md");

	@Test
	void manifestsAreComplete() {
		assertThat(manifests()).hasSizeGreaterThan(4).allSatisfy((manifest) -> {
			assertThat(manifest).containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
			assertThat(map(manifest, "metadata")).containsKeys("name", "namespace");
			assertThat(map(manifest, "spec")).isNotEmpty();
		});
	}

	@Test
	void selectorsMatchLabelsOfPods() {
		Map<String, Object> deployment = manifests().stream()
			.filter((manifest) -> manifest.get("kind").equals("Deployment"))
			.findFirst()
			.orElseThrow();
		Map<String, Object> spec = map(deployment, "spec");
		Map<String, Object> labels = map(map(map(spec, "template"), "metadata"), "labels");
		assertThat(map(map(spec, "selector"), "matchLabels")).isEqualTo(labels);
		assertThat(manifests().stream()
			.filter((manifest) -> manifest.get("kind").equals("Service"))
			.filter((manifest) -> map(manifest, "metadata").get("name").equals("orders"))).isNotEmpty()
			.allSatisfy((service) -> assertThat(map(map(service, "spec"), "selector")).isEqualTo(labels));
	}

	/** The pools are disabled, because there is no cluster that resolves their hosts. */
	@ParameterizedTest
	@MethodSource
	void settingsOfPoolsAreValid(Snippet settings) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class))
			.withPropertyValues("pool.instances.orders.enabled=false")
			.withInitializer((context) -> SnippetTests.load(settings, context))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				PoolProperties.Instance orders = context.getBean(PoolProperties.class).getInstances().get("orders");
				assertThat(orders.getResolve()).isTrue();
				assertThat(orders.getTargets()).singleElement().asString().startsWith(orders.getUrl());
			});
	}

	static List<Snippet> settingsOfPoolsAreValid() {
		List<Snippet> settings = Documentation.snippets(PAGE, "yml").toList();
		assertThat(settings).hasSizeGreaterThan(2);
		return settings;
	}

	private static List<Map<String, Object>> manifests() {
		return Documentation.snippets(PAGE, "yaml")
			.flatMap(KubernetesTests::documents)
			.filter((document) -> document.containsKey("apiVersion"))
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static Stream<Map<String, Object>> documents(Snippet yaml) {
		return StreamSupport.stream(new Yaml().loadAll(yaml.code()).spliterator(), false)
			.map((document) -> (Map<String, Object>) document);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Map<String, Object> parent, String key) {
		return (Map<String, Object>) parent.get(key);
	}

}
