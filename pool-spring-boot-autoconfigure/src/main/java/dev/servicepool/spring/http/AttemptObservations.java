package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.function.Supplier;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Target;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Observes the attempts of HTTP requests, except the first attempt of each request. An
 * observation ends when the response begins.
 */
public final class AttemptObservations {

	private static final PoolAttemptObservationConvention DEFAULT_CONVENTION = new PoolAttemptObservationConvention() {
	};

	/** Instance that observes nothing. */
	static final AttemptObservations NONE = new AttemptObservations(() -> ObservationRegistry.NOOP, () -> null);

	private final SingletonSupplier<ObservationRegistry> registry;

	private final Supplier<@Nullable PoolAttemptObservationConvention> convention;

	/**
	 * Create observations.
	 * @param registry supplies the registry; called once, at the first further attempt or
	 * by {@link #resolve()}
	 * @param convention supplies the convention, or {@code null} for the default one
	 */
	public AttemptObservations(Supplier<ObservationRegistry> registry,
			Supplier<@Nullable PoolAttemptObservationConvention> convention) {
		this.registry = SingletonSupplier.of(registry);
		this.convention = convention;
	}

	/** Look up the registry now. */
	public void resolve() {
		this.registry.obtain();
	}

	/** Return the observation of this thread, if there is one. */
	@Nullable Observation current() {
		return this.registry.obtain().getCurrentObservation();
	}

	/**
	 * Observe an attempt.
	 * @param parent the observation of the call, if it is not the one of this thread
	 */
	ClientHttpResponse observe(Pool<?, ?> pool, Lease<HttpCall, ClientHttpResponse> lease, String reason,
			@Nullable Observation parent, Attempt attempt) throws IOException {
		ObservationRegistry registry = this.registry.obtain();
		if (registry.isNoop()) {
			return attempt.send(lease);
		}
		Observation observation = Observation.createNotStarted(this.convention.get(), DEFAULT_CONVENTION,
				() -> context(pool, lease.target(), reason, parent), registry);
		return ReleasingObservation.observe(observation, () -> attempt.send(lease), ClientHttpResponse::close);
	}

	private static PoolAttemptContext context(Pool<?, ?> pool, Target target, String reason,
			@Nullable Observation parent) {
		PoolAttemptContext context = new PoolAttemptContext(pool.name(), target.name(), reason);
		context.setParentObservation(parent);
		return context;
	}

	/** Sends a request with a lease. */
	@FunctionalInterface
	interface Attempt {

		ClientHttpResponse send(Lease<HttpCall, ClientHttpResponse> lease) throws IOException;

	}

}
