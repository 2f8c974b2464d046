package dev.servicepool.compatibility;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.SubsetServiceInstanceListSupplier;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The subset of a pool beside that of Spring Cloud LoadBalancer, when one of 100 servers
 * is replaced.
 */
class LoadBalancerSubsetTests {

	private static final int SIZE = 20;

	private static final int CLIENTS = 100;

	private static final List<String> BEFORE = servers(0, 100);

	private static final List<String> AFTER = servers(1, 101);

	@Test
	void replacedServerChangesAtMostOneServerOfPool() {
		int[] changes = IntStream.range(0, CLIENTS)
			.map((client) -> changes(pool(client, BEFORE), pool(client, AFTER)))
			.toArray();
		assertThat(IntStream.of(changes).max()).hasValue(1);
	}

	@Test
	void replacedServerChangesMostServersOfLoadBalancer() {
		int[] changes = IntStream.range(0, CLIENTS)
			.map((client) -> changes(loadBalancer(client, BEFORE), loadBalancer(client, AFTER)))
			.toArray();
		System.out.println("Spring Cloud LoadBalancer: a replaced server changes "
				+ IntStream.of(changes).average().orElseThrow() + " of " + SIZE + " servers of each client");
		assertThat(IntStream.of(changes).average().orElseThrow()).isGreaterThan(10);
	}

	/** Return the names of servers, in the order in which they were registered. */
	private static List<String> servers(int from, int to) {
		return IntStream.range(from, to).mapToObj((number) -> "http://10.0.0." + number + ":8080").toList();
	}

	private static int changes(Set<String> before, Set<String> after) {
		assertThat(before).hasSize(SIZE);
		Set<String> removed = new HashSet<>(before);
		removed.removeAll(after);
		return removed.size();
	}

	private static Set<String> pool(int client, List<String> servers) {
		try (Pool<String, String> pool = Pool.builder()
			.targets(servers.stream().map(URI::create).map(Target::of).toList())
			.subset(SIZE)
			.identity("client-" + client)
			.build((target) -> Service.of((request) -> request))) {
			return pool.snapshot()
				.health()
				.targets()
				.stream()
				.filter(PoolSnapshot.TargetSnapshot::preferred)
				.map(PoolSnapshot.TargetSnapshot::name)
				.collect(Collectors.toSet());
		}
	}

	private static Set<String> loadBalancer(int client, List<String> servers) {
		LoadBalancerProperties properties = new LoadBalancerProperties();
		properties.getSubset().setInstanceId("client-" + client);
		properties.getSubset().setSize(SIZE);
		SubsetServiceInstanceListSupplier supplier = new SubsetServiceInstanceListSupplier(registry(servers),
				new MockEnvironment(), new Factory(properties));
		List<ServiceInstance> subset = supplier.get().blockFirst();
		return new ArrayList<>(subset).stream()
			.map((instance) -> instance.getUri().toString())
			.collect(Collectors.toSet());
	}

	private static ServiceInstanceListSupplier registry(List<String> servers) {
		List<ServiceInstance> instances = servers.stream()
			.map(URI::create)
			.<ServiceInstance>map(
					(uri) -> new DefaultServiceInstance(uri.getHost(), "orders", uri.getHost(), uri.getPort(), false))
			.toList();
		return new ServiceInstanceListSupplier() {

			@Override
			public String getServiceId() {
				return "orders";
			}

			@Override
			public Flux<List<ServiceInstance>> get() {
				return Flux.just(instances);
			}

		};
	}

	/** Factory that only knows the properties. */
	private record Factory(LoadBalancerProperties properties) implements ReactiveLoadBalancer.Factory<ServiceInstance> {

		@Override
		public LoadBalancerProperties getProperties(String service) {
			return this.properties;
		}

		@Override
		public ReactiveLoadBalancer<ServiceInstance> getInstance(String service) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <X> Map<String, X> getInstances(String name, Class<X> type) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <X> X getInstance(String name, Class<?> type, Class<?>... generics) {
			throw new UnsupportedOperationException();
		}

	}

}
