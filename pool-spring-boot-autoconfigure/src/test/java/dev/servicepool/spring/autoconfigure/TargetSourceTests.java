package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.TargetSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found()).run((context) -> {
			this.found.set(null);
			await().until(() -> output.toString().contains("registry is down"));
			int asked = this.asked;
			await().until(() -> this.asked > asked + 3);
			assertThat(get(context)).isEqualTo("first");
			assertThat(output.toString().split("looking up the targets failed", -1)).hasSize(2);
			this.found.set(List.of());
			await().until(() -> this.asked > asked + 6);
			assertThat(get(context)).isEqualTo("first");
			this.found.set(List.of(this.second.uri()));
			await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
		});
	}

	@Test
	void pollingEndsWhenContextIsClosed() {
		this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> found())
			.run((context) -> await().until(() -> this.asked > 2));
		int asked = this.asked;
		await().during(Duration.ofMillis(200)).until(() -> this.asked <= asked + 1);
	}

	@Test
	void emptySourceWithoutTargetsFailsStartup() {
		this.found.set(List.of());
		FailureAnalysis analysis = failure(
				this.runner.withBean("ordersTargets", TargetSource.class, () -> (pool) -> this.found.get()));
		assertThat(analysis.getDescription())
			.isEqualTo("'ordersTargets' found no targets for the pool 'orders': the list is empty.");
		assertThat(analysis.getAction()).isEqualTo("Ensure that 'ordersTargets' finds targets when the"
				+ " application starts, or set 'pool.instances.orders.targets' to the initial targets.");
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
	void resolvingHttpsTargetFailsStartup() {
		assertThat(failure(this.runner.withPropertyValues("pool.instances.orders.targets=https://localhost",
				"pool.instances.orders.resolve=true"))
			.getDescription()).isEqualTo(
					"'pool.instances.orders.resolve' is true, so the pool would connect to IP addresses, but the target"
							+ " 'https://localhost' is not a plain HTTP target, and TLS certificates are issued for host names.");
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
