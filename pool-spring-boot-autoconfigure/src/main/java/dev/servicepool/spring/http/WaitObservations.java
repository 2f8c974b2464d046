package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.Supplier;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Observes how long HTTP requests wait for a lease. Each acquisition of a lease is one
 * observation, even if a service is ready. If a service refuses a request, the request
 * waits for another lease, which is another observation.
 */
public final class WaitObservations {

	private static final PoolWaitObservationConvention DEFAULT_CONVENTION = new PoolWaitObservationConvention() {
	};

	/** Instance that observes nothing. */
	static final WaitObservations NONE = new WaitObservations(() -> ObservationRegistry.NOOP, () -> null);

	private final SingletonSupplier<ObservationRegistry> registry;

	private final Supplier<@Nullable PoolWaitObservationConvention> convention;

	/**
	 * Create observations.
	 * @param registry supplies the registry; called once, at the first wait or by
	 * {@link #resolve()}, and not earlier, because the registry may itself need a client
	 * @param convention supplies the convention, or {@code null} for the default one
	 */
	public WaitObservations(Supplier<ObservationRegistry> registry,
			Supplier<@Nullable PoolWaitObservationConvention> convention) {
		this.registry = SingletonSupplier.of(registry);
		this.convention = convention;
	}

	/**
	 * Look up the registry now. Otherwise, the first wait would look it up, possibly
	 * while the application context is being closed.
	 */
	public void resolve() {
		this.registry.obtain();
	}

	/**
	 * Wait for a lease. HTTP callers expect an {@link IOException}, for which
	 * {@code RestClient} throws its {@code ResourceAccessException}.
	 * @param deadline the deadline of the request, if it has one
	 * @throws InterruptedIOException if the thread is interrupted while it waits
	 * @throws IOException if no service is available; the cause is a
	 * {@link PoolException}
	 */
	Lease<HttpCall, ClientHttpResponse> await(Pool<?, ?> pool, @Nullable Deadline deadline, Wait wait)
			throws IOException {
		try {
			return observe(pool, wait);
		}
		catch (InterruptedException ex) {
			throw HttpFailures.interrupted("Interrupted while waiting for a service of pool '" + pool.name() + "'", ex);
		}
		catch (PoolException ex) {
			if (deadline != null && deadline.isOver() && ex instanceof AcquireTimeoutException) {
				throw deadline.exceeded("while it waited for a service", Outcome.CALLER, ex);
			}
			throw new IOException(ex.getMessage(), ex);
		}
	}

	private Lease<HttpCall, ClientHttpResponse> observe(Pool<?, ?> pool, Wait wait) throws InterruptedException {
		ObservationRegistry registry = this.registry.obtain();
		if (registry.isNoop()) {
			return wait.forLease();
		}
		Observation observation = Observation.createNotStarted(this.convention.get(), DEFAULT_CONVENTION,
				() -> new PoolWaitContext(pool.name()), registry);
		return ReleasingObservation.observe(observation, wait::forLease, Lease::returnUnsent);
	}

	/** Wait for a lease. */
	@FunctionalInterface
	interface Wait {

		Lease<HttpCall, ClientHttpResponse> forLease() throws InterruptedException;

	}

}
