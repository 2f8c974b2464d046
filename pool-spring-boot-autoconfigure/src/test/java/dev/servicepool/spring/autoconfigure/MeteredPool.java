package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.springframework.http.client.ClientHttpResponse;

/**
 * A pool with all its meters in a registry for Prometheus, of which documentation,
 * dashboard and alerts speak.
 */
final class MeteredPool implements AutoCloseable {

	static final Path DOCS = Path.of("..", "docs");

	/** Those for which {@code docs/metrics.md} switches histograms on. */
	private static final Set<String> HISTOGRAMS = Set.of("servicepool.acquire", "servicepool.lease");

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder().name("orders").build((target) -> (call) -> {
		throw new UnsupportedOperationException();
	});

	MeteredPool() throws InterruptedException {
		this.registry.config().meterFilter(new Histograms());
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.registry));
		new ObservedWaits(observations).observe(this.pool, this.pool::acquire).close();
		new PoolMetrics(() -> List.of(this.pool)).bindTo(this.registry);
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
