package dev.servicepool.benchmarks.picking;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import dev.servicepool.internal.balance.Candidate;
import dev.servicepool.internal.balance.ReadySet;
import dev.servicepool.internal.balance.PowerOfTwoChoices;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/**
 * Algorithms that pick one of several services.
 */
public enum Pickers {

	/** Power of two choices of this pool. */
	POWER_OF_TWO_CHOICES(Pickers::powerOfTwoChoices),

	/** Round robin of Spring Cloud LoadBalancer, for callers that block. */
	ROUND_ROBIN(Pickers::roundRobin);

	private final IntFunction<Supplier<Object>> constructor;

	Pickers(IntFunction<Supplier<Object>> constructor) {
		this.constructor = constructor;
	}

	Supplier<Object> create(int services) {
		return this.constructor.apply(services);
	}

	private static Supplier<Object> powerOfTwoChoices(int services) {
		ReadySet<FixedLoadCandidate> candidates = new ReadySet<>();
		for (int i = 0; i < services; i++) {
			candidates.add(new FixedLoadCandidate(i));
		}
		// The pool uses the same source of random numbers by default.
		PowerOfTwoChoices<FixedLoadCandidate> picker = new PowerOfTwoChoices<>(candidates,
				() -> ThreadLocalRandom.current().nextLong(), 1);
		return () -> picker.pick(0);
	}

	private static Supplier<Object> roundRobin(int services) {
		List<ServiceInstance> instances = new ArrayList<>();
		for (int i = 0; i < services; i++) {
			instances.add(new DefaultServiceInstance("stock" + i, "stock", "stock" + i, 80, false));
		}
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("instances", new Instances(instances));
		RoundRobinLoadBalancer balancer = new RoundRobinLoadBalancer(
				beans.getBeanProvider(ServiceInstanceListSupplier.class), "stock");
		return () -> Mono.from(balancer.choose()).block();
	}

	private static final class FixedLoadCandidate extends Candidate {

		private final int load;

		FixedLoadCandidate(int load) {
			this.load = load;
		}

		@Override
		protected boolean isReady() {
			return true;
		}

		@Override
		protected double load(long now) {
			return this.load;
		}

	}

	private record Instances(List<ServiceInstance> all) implements ServiceInstanceListSupplier {

		@Override
		public String getServiceId() {
			return "stock";
		}

		@Override
		public Flux<List<ServiceInstance>> get() {
			return Flux.just(this.all);
		}

	}

}
