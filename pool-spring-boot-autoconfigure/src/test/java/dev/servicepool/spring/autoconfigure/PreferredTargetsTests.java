package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.PoolSnapshot.TargetSnapshot;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.TargetSource;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for pools that prefer some of their targets, with each source of targets.
 */
@Timeout(60)
class PreferredTargetsTests {

	private static final List<URI> TARGETS = IntStream.rangeClosed(1, 4)
		.mapToObj((number) -> URI.create("http://127.0.0." + number + ":8080"))
		.toList();

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues("pool.instances.orders.url=http://orders", "pool.identity=test");

	@Test
	void subsetOfConfiguredTargets() {
		this.runner
			.withPropertyValues("pool.subset=2",
					"pool.instances.orders.targets=" + String.join(",", TARGETS.stream().map(URI::toString).toList()))
			.run((context) -> assertThat(preferred(context, 2)).hasSize(2));
	}

	@Test
	void subsetOfTargetSource() {
		this.runner.withPropertyValues("pool.subset=2")
			.withBean("ordersTargets", TargetSource.class, () -> (pool) -> TARGETS)
			.run((context) -> assertThat(preferred(context, 2)).hasSize(2));
	}

	@Test
	void subsetOfResolvedAddresses() {
		InetAddress[] addresses = TARGETS.stream().map(PreferredTargetsTests::address).toArray(InetAddress[]::new);
		TargetSource resolving = new ResolvingTargetSource(List.of(Target.of(URI.create("http://orders:8080"))),
				(host) -> addresses, Set::of);
		this.runner.withPropertyValues("pool.subset=2")
			.withBean("ordersTargets", TargetSource.class, () -> resolving)
			.run((context) -> assertThat(preferred(context, 2)).hasSize(2));
	}

	@Test
	void zoneOfTargetSource() {
		this.runner.withPropertyValues("spring.cloud.loadbalancer.zone=a")
			.withBean("ordersTargets", TargetSource.class, ZonedTargets::new)
			.run((context) -> assertThat(preferred(context, 1)).extracting(TargetSnapshot::name)
				.containsExactly(TARGETS.get(2).toString()));
	}

	/** Return the preferred targets, each of which has the only service. */
	private static List<TargetSnapshot> preferred(ApplicationContext context, int count) {
		Pool<?, ?> pool = context.getBean(Pool.class);
		await().until(() -> pool.snapshot().size().ready() == count);
		List<TargetSnapshot> preferred = pool.snapshot()
			.health()
			.targets()
			.stream()
			.filter(TargetSnapshot::preferred)
			.toList();
		assertThat(pool.snapshot().services()).extracting(ServiceSnapshot::target)
			.containsExactlyInAnyOrderElementsOf(preferred.stream().map(TargetSnapshot::name).toList());
		assertThat(pool.snapshot().health().targets()).hasSize(TARGETS.size());
		return preferred;
	}

	private static InetAddress address(URI target) {
		try {
			return InetAddress.getByName(target.getHost());
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class ZonedTargets implements TargetSource {

		@Override
		public List<URI> targets(String pool) {
			return TARGETS;
		}

		@Override
		public String zone(String pool, URI target) {
			return target.equals(TARGETS.get(2)) ? "a" : "b";
		}

	}

}
