package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.TargetSource;
import dev.servicepool.spring.actuate.PoolHealthContributor;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for pools whose targets a bean or DNS supplies and changes at run time.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class TargetSourceTests {

	@AutoClose
	private final Server first = Server.responding("first");

	@AutoClose
	private final Server second = Server.responding("second");

	private final AtomicReference<List<URI>> found = new AtomicReference<>(List.of(this.first.uri()));

	private final ApplicationContextRunner withoutUrl = Applications.plain()
		.withPropertyValues("pool.instances.orders.refresh-interval=20ms");

	private final ApplicationContextRunner runner = this.withoutUrl
		.withPropertyValues("pool.instances.orders.url=http://orders");

	@Test
	void beanNamedAfterPoolSuppliesTargets() {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get()).run((context) -> {
			assertThat(get(context)).isEqualTo("first");
			this.found.set(List.of(this.second.uri()));
			await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
			assertThat(get(context)).isEqualTo("second");
			this.found.set(List.of(this.second.uri(), this.first.uri()));
			await().until(() -> targets(context).size() == 2);
		});
	}

	@Test
	void targetSourceNeedsNoOtherConfiguration() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class))
			.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get())
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class)
					.apply(context.getBean(RestClientPools.class).fromPool("orders"))
					.build();
				assertThat(client.get().uri("http://orders/").retrieve().body(String.class)).isEqualTo("first");
			});
	}

	@Test
	void targetSourceSuppliesPoolOfServiceFactory() {
		this.withoutUrl.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get())
			.withUserConfiguration(Factory.class)
			.run((context) -> await().until(() -> targets(context).equals(List.of(this.first.uri().toString()))));
	}

	@Test
	void configuredTargetsAreUsedUntilSourceFindsTargets(CapturedOutput output) {
		this.found.set(List.of());
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get())
			.withPropertyValues("pool.instances.orders.targets=" + this.first.uri())
			.run((context) -> {
				assertThat(get(context)).isEqualTo("first");
				assertThat(output)
					.contains("Pool 'orders': 'ordersTargets' found no targets; using the configured targets");
				this.found.set(List.of(this.second.uri()));
				await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
			});
	}

	@Test
	void failingSourceKeepsTargetsAndIsLoggedOnce(CapturedOutput output) {
		int before = output.length();
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found()).run((context) -> {
			this.found.set(null);
			await().until(() -> logged(output, before).contains("registry is down"));
			int asked = this.asked;
			await().until(() -> this.asked > asked + 3);
			assertThat(get(context)).isEqualTo("first");
			assertThat(logged(output, before).split("looking up the targets failed", -1)).hasSize(2);
			this.found.set(List.of());
			await().until(() -> this.asked > asked + 6);
			assertThat(get(context)).isEqualTo("first");
			this.found.set(List.of(this.second.uri()));
			await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
		});
	}

	/** Return the output of a test. Loggers also write to the output of other tests. */
	private static String logged(CapturedOutput output, int before) {
		return output.toString().substring(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1ms", "1h" })
	void pollingEndsWhenContextIsClosed(String interval) {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.instances.orders.refresh-interval=" + interval)
			.run((context) -> {
				assertThat(get(context)).isEqualTo("first");
				assertThat(pollingThreads()).isNotEmpty();
			});
		await().until(() -> pollingThreads().isEmpty());
	}

	private static List<Thread> pollingThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("pool-targets-"))
			.toList();
	}

	@Test
	void poolFillsWhenSourceFindsTargetsAfterStart(CapturedOutput output) {
		this.found.set(null);
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.instances.orders.refresh-interval=1h")
			.run((context) -> {
				assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context))
					.havingRootCause()
					.withMessageContaining("registry is down");
				assertThat(output).contains("Pool 'orders': 'ordersTargets' found no targets; calls fail until");
				this.found.set(List.of(this.first.uri()));
				await().until(() -> targets(context).equals(List.of(this.first.uri().toString())));
				assertThat(get(context)).isEqualTo("first");
			});
	}

	@Test
	void sourceThatIsEmptyForTimeRemovesTargets(CapturedOutput output) {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.instances.orders.discovery.empty-after=50ms")
			.run((context) -> {
				assertThat(get(context)).isEqualTo("first");
				this.found.set(List.of());
				await().until(() -> output.toString().contains("no targets were found for 0.05s; removing"));
				assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context))
					.havingRootCause()
					.withMessage("'ordersTargets' has found no targets");
				this.found.set(List.of(this.second.uri()));
				await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
				assertThat(get(context)).isEqualTo("second");
			});
	}

	@Test
	void configuredTargetsReplaceThoseOfEmptySource() {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.instances.orders.discovery.empty-after=0s",
					"pool.instances.orders.targets=" + this.second.uri())
			.run((context) -> {
				assertThat(get(context)).isEqualTo("first");
				this.found.set(List.of());
				await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
			});
	}

	@Test
	void negativeTimeForEmptySourceFailsStartup() {
		assertThat(failure(this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get())
			.withPropertyValues("pool.instances.orders.discovery.empty-after=-1s")).getDescription())
			.isEqualTo("Pool 'orders' cannot be created: 'pool.instances.orders.discovery.empty-after' is PT-1S.");
	}

	@Test
	void sourceWithUnusableUrisOnlyFails(CapturedOutput output) {
		int before = output.length();
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.instances.orders.discovery.empty-after=0s")
			.run((context) -> {
				assertThat(get(context)).isEqualTo("first");
				this.found.set(List.of(URI.create("http://a_b:80")));
				await().until(() -> logged(output, before).contains("none of [http://a_b:80] can be a target"));
				int asked = this.asked;
				await().until(() -> this.asked > asked + 2);
				assertThat(get(context)).isEqualTo("first");
			});
	}

	@Test
	void allTargetsReceiveCallsBeyondDefaultOfMaxServices() {
		Set<String> called = ConcurrentHashMap.newKeySet();
		Handler handler = (request, response) -> {
			called.add(request.getLocalAddr());
			Handler.respond(request, response, 200, "order");
		};
		try (Server server = Server.http1().addresses(20).start(handler)) {
			this.found.set(server.uris().subList(0, 4));
			this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found()).run((context) -> {
				await().until(() -> targets(context).size() == 4);
				this.found.set(server.uris());
				await().pollInterval(Duration.ofMillis(1)).until(() -> {
					assertThat(get(context)).isEqualTo("order");
					return called.size() == 20;
				});
				assertThat(pool(context).snapshot().settings().maxServices()).isEqualTo(20);
			});
		}
	}

	@Test
	void moreTargetsThanMaxServicesDoNotFailStartup(CapturedOutput output) {
		this.found.set(List.of(this.first.uri(), this.second.uri()));
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.max-services=1")
			.run((context) -> {
				assertThat(get(context)).isIn("first", "second");
				assertThat(output).contains("1 of 2 targets without a service, because max-services is 1."
						+ " Set 'pool.max-services' to at least 2.");
			});
	}

	@Test
	void healthReportsMissingTargetsUntilSourceFindsSome() {
		this.found.set(null);
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withConfiguration(AutoConfigurations.of(PoolHealthContributorAutoConfiguration.class))
			.withPropertyValues("pool.health.out-of-service-when-unavailable=true")
			.run((context) -> {
				HealthIndicator health = (HealthIndicator) context.getBean(PoolHealthContributor.class)
					.getContributor("orders");
				await().until(() -> health.health().getStatus().equals(Status.OUT_OF_SERVICE));
				assertThat(health.health().getDetails().get("lastFailure")).asString()
					.contains(
							"'ordersTargets' has found no targets: java.lang.IllegalStateException: registry is down");
				this.found.set(List.of(this.first.uri()));
				await().until(() -> health.health().getStatus().equals(Status.UP));
			});
	}

	@Test
	void emptySourceIsNamedToCallers() {
		this.found.set(List.of());
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.run((context) -> assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context))
				.havingRootCause()
				.withMessage("'ordersTargets' has found no targets"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://a_b:80", "http://a/path", "lb://orders", "orders:8080", "http://user:secret@a" })
	void unusableUriIsSkippedAndLoggedOnce(String unusable, CapturedOutput output) {
		int before = output.length();
		this.found.set(List.of(URI.create(unusable), this.first.uri()));
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found()).run((context) -> {
			assertThat(get(context)).isEqualTo("first");
			this.found.set(List.of(this.second.uri(), URI.create(unusable)));
			await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
			assertThat(logged(output, before).split("cannot be a target", -1)).as("warnings").hasSize(2);
			assertThat(logged(output, before)).contains("Pool 'orders': skipped '").doesNotContain("secret");
		});
	}

	@Test
	void missingUriIsSkipped(CapturedOutput output) {
		this.found.set(Arrays.asList(null, this.first.uri()));
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found()).run((context) -> {
			assertThat(get(context)).isEqualTo("first");
			assertThat(output).contains("skipped 'null'");
		});
	}

	@Test
	void otherSpellingOfTargetKeepsService() {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found()).run((context) -> {
			get(context);
			this.found.set(List.of(URI.create(this.first.uri() + "/"), this.first.uri()));
			int asked = this.asked;
			await().until(() -> this.asked > asked + 2);
			assertThat(get(context)).isEqualTo("first");
			assertThat(context.getBean(Pool.class).snapshot().totals().creations().created()).isOne();
		});
	}

	@Test
	void targetsBeyondMaxServicesAreLogged(CapturedOutput output) {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.withPropertyValues("pool.instances.orders.max-services=1")
			.run((context) -> {
				this.found.set(List.of(this.first.uri(), this.second.uri()));
				await().until(() -> output.toString()
					.contains("1 of 2 targets without a service, because max-services is 1."
							+ " Set 'pool.instances.orders.max-services' to at least 2."));
			});
	}

	@Test
	void oneBeanSuppliesAllPoolsWithoutTargets() {
		List<String> asked = new CopyOnWriteArrayList<>();
		TargetSource registry = (pool) -> {
			asked.add(pool);
			return List.of(("orders".equals(pool) ? this.first : this.second).uri());
		};
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class))
			.withPropertyValues("pool.instances.orders.max-services=2", "pool.instances.search.max-services=2",
					"pool.instances.fixed.targets=http://127.0.0.1:9")
			.withBean("registry", TargetSource.class, () -> registry)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(asked).contains("orders", "search").doesNotContain("fixed");
				await().until(() -> targets(context, "orders").equals(List.of(this.first.uri().toString())));
				await().until(() -> targets(context, "search").equals(List.of(this.second.uri().toString())));
			});
	}

	@Test
	void twoSharedSourcesAreRejected() {
		assertThat(failure(this.runner.withBean("one", TargetSource.class, () -> (pool) -> this.found.get())
			.withBean("other", TargetSource.class, () -> (pool) -> this.found.get())).getDescription())
			.isEqualTo("Several TargetSource beans are not named after a pool: 'one', 'other'.");
	}

	@Test
	void sourceWithoutPoolFailsStartup() {
		assertThat(failure(this.runner.withPropertyValues("pool.instances.orders.targets=" + this.first.uri())
			.withBean("discovery", TargetSource.class, () -> (pool) -> this.found.get())).getDescription())
			.isEqualTo("No pool uses the TargetSource bean 'discovery'; the pools are 'orders'.");
	}

	@Test
	void hostsAreResolvedWhenEnabled() {
		this.withoutUrl
			.withPropertyValues("pool.instances.orders.targets=http://localhost:" + this.first.uri().getPort(),
					"pool.instances.orders.resolve=true")
			.run((context) -> {
				await().until(() -> targets(context).contains(this.first.uri().toString()));
				String uri = "http://localhost:" + this.first.uri().getPort();
				RestClient client = context.getBean(RestClient.Builder.class).build();
				assertThat(client.get().uri(uri).retrieve().body(String.class)).isEqualTo("first");
				assertThat(pool(context).snapshot().totals().calls().succeeded()).isOne();
			});
	}

	@Test
	void unresolvableHostIsUsedUnresolved(CapturedOutput output) {
		this.runner
			.withPropertyValues("pool.instances.orders.targets=http://nowhere.invalid:80",
					"pool.instances.orders.resolve=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains("Pool 'orders': 'pool.instances.orders.resolve' found no targets")
					.contains("nowhere.invalid");
			});
	}

	@Test
	void hostWithLocalAddressesIsNotUsedWhenSkipped() {
		this.withoutUrl
			.withPropertyValues("pool.instances.orders.targets=http://localhost:" + this.first.uri().getPort(),
					"pool.instances.orders.resolve=true", "pool.skip-local-targets=true")
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).build();
				assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> client.get()
					.uri("http://localhost:" + this.first.uri().getPort())
					.retrieve()
					.body(String.class));
				assertThat(this.first.requests()).isEmpty();
			});
	}

	@Test
	void resolvingHttpsTargetFailsStartup() {
		assertThat(failure(this.runner.withPropertyValues("pool.instances.orders.targets=https://localhost",
				"pool.instances.orders.resolve=true"))
			.getDescription()).isEqualTo(
					"'pool.instances.orders.resolve' is true, so the pool would connect to the IP addresses of the target"
							+ " 'https://localhost', but the pool has no host name for which clients could check certificates.");
	}

	@Test
	void zeroRefreshIntervalFailsStartup() {
		assertThat(failure(this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get())
			.withPropertyValues("pool.instances.orders.refresh-interval=0s")).getDescription())
			.isEqualTo("Pool 'orders' cannot be created: 'pool.instances.orders.refresh-interval' is PT0S.");
	}

	private volatile int asked;

	/** Return the targets. Never called concurrently. */
	private List<URI> found() {
		this.asked++;
		if (this.found.get() == null) {
			throw new IllegalStateException("registry is down");
		}
		return this.found.get();
	}

	private static FailureAnalysis failure(ApplicationContextRunner runner) {
		AtomicReference<FailureAnalysis> analysis = new AtomicReference<>();
		runner.run((context) -> analysis
			.set(new PoolConfigurationFailureAnalyzer(new MockEnvironment()).analyze(context.getStartupFailure())));
		return analysis.get();
	}

	private static String get(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class)
			.build()
			.get()
			.uri("http://orders/")
			.retrieve()
			.body(String.class);
	}

	private static Pool<?, ?> pool(ApplicationContext context) {
		return context.getBean(Pool.class);
	}

	private static List<String> targets(ApplicationContext context) {
		return targets(pool(context));
	}

	private static List<String> targets(ApplicationContext context, String pool) {
		return targets(context.getBean(pool + "Pool", Pool.class));
	}

	/** Return the targets of the services that are ready. */
	private static List<String> targets(Pool<?, ?> pool) {
		return pool.snapshot()
			.services()
			.stream()
			.filter((service) -> service.state() == PoolSnapshot.ServiceSnapshot.State.READY)
			.map(PoolSnapshot.ServiceSnapshot::target)
			.toList();
	}

	static class Factory {

		@Bean
		ServiceFactory<String, Integer> orders() {
			return (target) -> Service.of(String::length);
		}

	}

}
