package dev.servicepool.benchmarks.contender;

import java.util.List;
import java.util.stream.IntStream;

import com.twitter.finagle.Address;
import com.twitter.finagle.Address$;
import com.twitter.finagle.NoBrokersAvailableException;
import com.twitter.finagle.Service;
import com.twitter.finagle.ServiceFactory;
import com.twitter.finagle.loadbalancer.EndpointFactory;
import com.twitter.finagle.loadbalancer.LazyEndpointFactory;
import com.twitter.finagle.loadbalancer.PanicMode;
import com.twitter.finagle.loadbalancer.p2c.P2CPeakEwma;
import com.twitter.finagle.stats.NullStatsReceiver;
import com.twitter.finagle.util.Rng$;
import com.twitter.util.Activity$;
import com.twitter.util.Duration;
import com.twitter.util.Future;
import scala.Function0;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Creates Finagle's balancer with peak EWMA. The balancer is private to Finagle in Scala,
 * but the JVM does not enforce this restriction.
 */
public final class FinagleBalancer {

	private static final int DECAY_SECONDS = 10;

	private FinagleBalancer() {
	}

	/**
	 * Create a balancer whose services are open.
	 * @param services the number of services
	 * @return the balancer
	 */
	public static P2CPeakEwma<Object, Object> create(int services) {
		ServiceFactory<Object, Object> service = ServiceFactory.constant(Service.constant(Future.value("response")));
		List<EndpointFactory<Object, Object>> endpoints = IntStream.rangeClosed(1, services)
			.<EndpointFactory<Object, Object>>mapToObj(
					(port) -> new LazyEndpointFactory<>(() -> service, address(port)))
			.toList();
		return new P2CPeakEwma<>(Activity$.MODULE$.value(CollectionConverters.asScala(endpoints).toIndexedSeq()),
				Duration.fromSeconds(DECAY_SECONDS), new Clock(), PanicMode.MajorityUnhealthy(),
				Rng$.MODULE$.threadLocal(), NullStatsReceiver.get(), new NoBrokersAvailableException("none"));
	}

	private static Address address(int port) {
		return Address$.MODULE$.apply(port);
	}

	/** Clock that returns primitive values. A lambda would box each of them. */
	private static final class Clock implements Function0<Object> {

		@Override
		public Object apply() {
			return System.nanoTime();
		}

		@Override
		public long apply$mcJ$sp() {
			return System.nanoTime();
		}

	}

}
