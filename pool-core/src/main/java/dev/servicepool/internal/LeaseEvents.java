package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.outlier.FailureRules;
import dev.servicepool.internal.util.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the {@link PoolState} what happens to leases. A permit of a service that is
 * open is released without the lock. Any thread.
 */
final class LeaseEvents<Q, R> {

	private final String pool;

	private final PoolState<Q, R> state;

	private final StateLock<Q, R> stateLock;

	private final FailureRules failures;

	private final ListenerNotifier notifier;

	private final Ticker ticker;

	private final boolean timed;

	private final boolean hasTimingListeners;

	private final Source<Q, R> source;

	/**
	 * Conditions of the next lease of a request.
	 *
	 * @param wanted the condition that the service must meet; {@code null} for none
	 * @param preferences the conditions that the service should meet, most important
	 * first
	 */
	record Conditions<Q, R>(@Nullable Predicate<Member<Q, R>> wanted, List<Predicate<Member<Q, R>>> preferences) {
	}

	/** Source of the lease of a request that is sent again. */
	interface Source<Q, R> {

		/**
		 * Acquire a lease.
		 * @param requestedAt the time at which the first lease was requested, 0 if
		 * unknown
		 * @param conditions the conditions of the service
		 * @param timeout the maximum time to wait from now
		 */
		Lease<Q, R> acquireAgain(long requestedAt, Conditions<Q, R> conditions, Duration timeout)
				throws InterruptedException;

		/**
		 * Acquire a lease without waiting.
		 * @param requestedAt the time at which the first lease was requested, 0 if
		 * unknown
		 * @param preferences the conditions, of which the service meets the first one
		 * that it can
		 * @return the lease, or {@code null} if no service that meets one of the
		 * conditions is ready
		 */
		@Nullable Lease<Q, R> tryAcquireAgain(long requestedAt, List<Predicate<Member<Q, R>>> preferences);

		/**
		 * Acquire a lease without waiting, while the first attempt is in progress. See
		 * {@link #tryAcquireAgain}.
		 */
		@Nullable Lease<Q, R> tryAcquireHedge(long requestedAt, List<Predicate<Member<Q, R>>> preferences);

	}

	LeaseEvents(String pool, PoolState<Q, R> state, StateLock<Q, R> stateLock, FailureRules failures,
			ListenerNotifier notifier, Ticker ticker, boolean timed, Source<Q, R> source) {
		this.pool = pool;
		this.state = state;
		this.stateLock = stateLock;
		this.failures = failures;
		this.notifier = notifier;
		this.ticker = ticker;
		this.timed = timed;
		this.hasTimingListeners = notifier.isTimed();
		this.source = source;
	}

	String pool() {
		return this.pool;
	}

	Source<Q, R> source() {
		return this.source;
	}

	/**
	 * Return the time, 0 if neither the load metric, nor the evidence, nor a listener
	 * needs it.
	 */
	long time() {
		return this.timed ? this.ticker.nanos() : 0;
	}

	Outcome classify(Throwable cause) {
		return this.failures.classify(cause);
	}

	/**
	 * Return whether a failed request may be sent again.
	 * @param preferred the targets that were not tried yet
	 */
	boolean allowsRepetition(Outcome outcome, Predicate<? super Target> preferred) {
		return this.stateLock.decide((now) -> this.state.allowsRepetition(outcome, preferred, now));
	}

	/** Return whether one more attempt of a request is within the budget. */
	boolean takeRetry() {
		return this.stateLock.decide(this.state::takeRetry);
	}

	/** Return an attempt to the budget that is not sent. */
	void putRetryBack() {
		this.stateLock.update((now) -> this.state.putRetryBack());
	}

	/** Return whether a second attempt beside the first one is within the budget. */
	boolean takeHedge() {
		return this.stateLock.decide(this.state::takeHedge);
	}

	/** Return such an attempt to the budget that is not sent. */
	void putHedgeBack() {
		this.stateLock.update((now) -> this.state.putHedgeBack());
	}

	/** Record that such an attempt has received the response of the call. */
	void hedgeWon() {
		this.stateLock.update((now) -> this.state.hedgeWon());
	}

	/** Return whether services in another zone are ready beside those in the own one. */
	boolean hasOtherZone() {
		return this.state.readySet().hasOtherZone();
	}

	/** Return whether any target meets a condition. */
	boolean hasTarget(Predicate<? super Target> wanted) {
		return this.stateLock.read((now) -> this.state.hasTarget(wanted));
	}

	/** Serve the callers that wait for a response before they use a service. */
	void responded() {
		if (this.state.isResponseAwaited()) {
			this.stateLock.check();
		}
	}

	/**
	 * Record that a cold service has begun to respond.
	 * @param startedAt the time at which the lease began, 0 if unknown
	 * @param error whether the response is an error
	 */
	void warmed(Member<Q, R> member, long startedAt, boolean error) {
		this.stateLock.update((now) -> this.state.warmed(member, startedAt, error, now));
	}

	/**
	 * Let an error that arrived sooner than a success count as a request in flight until
	 * the success would have arrived.
	 * @param startedAt the time at which the lease began, 0 if unknown
	 * @return the latency of a success in nanoseconds, 0 if the error is not early
	 */
	long early(Member<Q, R> member, long startedAt, long now) {
		long usual = this.state.usualLatency().of(member, now);
		long early = startedAt + usual - now;
		if (usual == 0 || early <= 0) {
			return 0;
		}
		member.earlyErrors.add(early, now);
		return usual;
	}

	/** Record that requests in flight occupy more permits, or fewer if negative. */
	void occupied(Member<Q, R> member, int permits) {
		this.stateLock.update((now) -> this.state.occupied(member, permits, now));
	}

	/** Pause a service because its server asked for a pause. */
	void pause(Member<Q, R> member, long nanos) {
		this.stateLock.update((now) -> this.state.pause(member, nanos, now));
	}

	/** Record the outcome of a probe that did not fail. */
	void probed(Member<Q, R> member, boolean responded) {
		this.stateLock.update((now) -> this.state.probed(member, responded, now));
	}

	/** Release a permit. */
	void release(Member<Q, R> member) {
		if (!member.permits.tryRelease()) {
			this.stateLock.update((now) -> this.state.released(member, now));
		}
	}

	/** Release a permit after a service failure. */
	void failed(Member<Q, R> member, Throwable cause, Outcome outcome, PoolState.FailedLease lease) {
		Failure failure = Failure.of(cause);
		this.stateLock.update((now) -> this.state.failed(member, failure, outcome, lease, now));
	}

	/** Release a permit after a refused request, and lower the limit of the service. */
	void refused(Member<Q, R> member) {
		this.stateLock.update((now) -> this.state.refused(member, now));
	}

	/**
	 * Notify the timing listeners of a lease that has ended and released its permit.
	 * @param startedAt the time at which the lease began
	 */
	void ended(long startedAt) {
		if (this.hasTimingListeners) {
			this.notifier.released(this.ticker.nanos() - startedAt);
		}
	}

	/** Report that a lease has ended that was reported as a suspected leak. */
	void suspectedLeaseEnded(Member<Q, R> member, LeaseRecord record) {
		LeakDetector.logEnded(this.pool, member, record.observe(this.ticker.nanos()));
	}

}
