package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.RoutingClientHttpRequestFactory;
import dev.servicepool.spring.http.WaitObservations;
import dev.servicepool.spring.http.RequestHandling;
import dev.servicepool.spring.http.RequestPolicy;
import dev.servicepool.spring.http.AttemptObservations;
import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

/**
 * Pool whose meters are all in a Prometheus registry, for tests of the documentation, the
 * dashboard, and the alerts.
 */
final class MeteredPool implements AutoCloseable {

	static final Path DOCS = Path.of("..", "docs");

	/** Meters for which {@code docs/metrics.md} enables histograms. */
	private static final Set<String> HISTOGRAMS = Set.of("servicepool.acquire", "servicepool.lease");

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("orders")
		.build((target) -> (call) -> new MockClientHttpResponse(new byte[0], HttpStatus.OK));

	MeteredPool() throws IOException {
		this.registry.config()
			.meterFilter(new Histograms())
			.meterFilter(PoolMetricsAutoConfiguration.poolObservationMeterFilter());
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.registry));
		new RoutingClientHttpRequestFactory((uri, method) -> {
			throw new UnsupportedOperationException();
		}, (uri) -> this.pool,
				new RequestHandling((pool) -> RequestPolicy.DEFAULT,
						new WaitObservations(() -> observations, () -> null),
						new AttemptObservations(() -> observations, () -> null)))
			.createRequest(URI.create("http://orders/"), HttpMethod.GET)
			.execute()
			.close();
		new PoolMetrics(() -> List.of(this.pool), (pool) -> () -> Instant.EPOCH).bindTo(this.registry);
	}

	List<Meter> meters() {
		return this.registry.getMeters();
	}

	Scrape scrape() {
		return Scrape.of(this.registry.scrape());
	}

	@Override
	public void close() {
		this.pool.close();
		this.registry.close();
	}

	private static final class Histograms implements MeterFilter {

		@Override
		public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
			return DistributionStatisticConfig.builder()
				.percentilesHistogram(HISTOGRAMS.contains(id.getName()))
				.build()
				.merge(config);
		}

	}

}
