package dev.servicepool;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

/**
 * The state of a pool at one moment.
 *
 * @param name the name of the pool
 * @param settings the settings in force, see {@link PoolSettings#inForce}
 * @param load the load of the pool
 * @param health whether the pool can serve calls
 * @param size the number of services, by state
 * @param services the services, oldest first, including those that drain or close
 * @param totals the counts since the start of the pool
 * @param events the last events
 */
public record PoolSnapshot(String name, PoolSettings settings, Load load, Health health, Size size,
		List<ServiceSnapshot> services, Totals totals, Events events) {

	/**
	 * The load of the pool, which determines the number of services.
	 *
	 * @param level the level of the load estimate after the last sample
	 * @param estimate the load estimate, in [0, 1]
	 * @param inFlight the number of active leases
	 * @param waiting the number of callers in the wait queue
	 * @param headroom the data that the headroom guard uses for its decisions
	 */
	public record Load(LoadLevel level, double estimate, int inFlight, int waiting, Headroom headroom) {
	}

	/**
	 * Whether the pool can serve calls.
	 *
	 * @param available whether the pool can currently serve calls, even if callers must
	 * wait; {@code false} if the pool has no service and the last attempt to create one
	 * failed, or if the pool is closed
	 * @param outage the current outage, or {@code null} if there is none
	 * @param drainedTargets the names of the targets that {@link Pool#drainTarget} has
	 * drained
	 * @param targets the targets that are not drained
	 */
	public record Health(boolean available, @Nullable Outage outage, List<String> drainedTargets,
			List<TargetSnapshot> targets) {
	}

	/**
	 * A target of the pool.
	 *
	 * @param name the name of the target
	 * @param zone the zone of the target, or {@code null} if it is not known
	 * @param preferred whether the target always has a service; other targets have
	 * services only while those of the preferred targets are not enough
	 */
	public record TargetSnapshot(String name, @Nullable String zone, boolean preferred) {
	}

	/**
	 * The number of services in each state. The states are disjoint.
	 *
	 * @param ready services that can accept one more request now
	 * @param busy services at their concurrency limit
	 * @param pending services that reported {@link Readiness#PENDING}, or that are being
	 * polled
	 * @param paused services whose server asked for a pause
	 * @param ejected services that are suspended because of their failures
	 * @param draining services that are retired and have requests in flight
	 * @param closing services that are being closed
	 * @param creating services that are being created, including the successors of others
	 */
	public record Size(int ready, int busy, int pending, int paused, int ejected, int draining, int closing,
			int creating) {

		/**
		 * Return the number of services.
		 * @return the sum of all states except {@code creating}
		 */
		public int total() {
			return live() + retired();
		}

		/**
		 * Return the number of services that are not retired.
		 * @return the number of services that are neither draining nor closing
		 */
		public int live() {
			return this.ready + this.busy + this.pending + this.paused + this.ejected;
		}

		/**
		 * Return the number of services that are retired and not closed yet.
		 * @return the number of services that are draining or closing
		 */
		public int retired() {
			return this.draining + this.closing;
		}

	}

	/**
	 * An outage: at least 5 calls ended within 10 seconds, none of them succeeded, and no
	 * later call has succeeded.
	 *
	 * @param duration the time since the first of these calls
	 * @param calls the number of calls since the last success
	 * @param lastFailure the failure of the last call, as text
	 */
	public record Outage(Duration duration, long calls, String lastFailure) {
	}

	/**
	 * The counts since the start of the pool, and the budget of further attempts.
	 *
	 * @param calls the number of calls, by outcome
	 * @param creations the number of attempts to create a service, by outcome
	 * @param ejections the number of ejections
	 * @param retries the further attempts of requests, and their budget
	 */
	public record Totals(Calls calls, Creations creations, long ejections, Retries retries) {
	}

	/**
	 * The further attempts of requests that a server may have processed.
	 *
	 * @param attempts the number of attempts since the start of the pool that the
	 * {@linkplain Retry.Budget budget} allowed
	 * @param hedges those of them that were sent while the first attempt was in progress
	 * @param hedgesWon the hedges whose response began first
	 * @param denied the number of attempts since the start of the pool that the budget
	 * denied
	 * @param remaining the number of attempts that the budget allows now
	 * @param exhausted whether the budget denied an attempt within the last 10 seconds
	 */
	public record Retries(long attempts, long hedges, long hedgesWon, long denied, long remaining, boolean exhausted) {
	}

	/**
	 * The number of calls since the start of the pool, by outcome.
	 *
	 * @param succeeded calls that succeeded
	 * @param failed calls that failed because of the service
	 * @param ignored calls whose failure was ignored, see {@link PoolBuilder#failureWhen}
	 * @param unsent calls whose request was never sent
	 * @param unknown calls that ended without an outcome
	 * @param rejected callers that were rejected because the wait queue was full, or
	 * because the pool had no service and could not create one
	 * @param timedOut callers whose wait for a service timed out
	 */
	public record Calls(long succeeded, long failed, long ignored, long unsent, long unknown, long rejected,
			long timedOut) {
	}

	/**
	 * The number of attempts to create a service since the start of the pool, by outcome.
	 * {@code attempts = created + failed + inProgress + discardedLate}, and
	 * {@code created} = live services + retired services + {@code drained} +
	 * {@code evicted}.
	 *
	 * @param attempts all attempts
	 * @param created attempts that created a service
	 * @param failed attempts that failed
	 * @param inProgress attempts that have not returned; an attempt that exceeded
	 * {@code createTimeout} counts here, not in {@code failed}, until it returns
	 * @param discardedLate attempts whose service arrived after {@code createTimeout} and
	 * was closed
	 * @param drained services that were retired and are closed
	 * @param evicted services that could not be used any more and are closed
	 */
	public record Creations(long attempts, long created, long failed, int inProgress, long discardedLate, long drained,
			long evicted) {
	}

	/**
	 * The data that the headroom guard uses for its decisions. A service is removed only
	 * if the peak demand would have fit into the other services.
	 *
	 * @param window the current window of the peak demand, from the configured
	 * {@code headroomWindow} to eight times the configured value; zero without a guard
	 * @param peak the highest number of requests in flight plus waiting callers in the
	 * window; 0 without a guard
	 */
	public record Headroom(Duration window, int peak) {
	}

	/**
	 * The last events of the pool.
	 *
	 * @param lastDecision the last event that is not a rejection, timeout, suspected
	 * leak, outage, or recovery, and not about the retry budget; {@code null} if there is
	 * none
	 * @param latest the last events, oldest first, at most 50
	 */
	public record Events(@Nullable PoolEvent lastDecision, List<CountedEvent> latest) {
	}

	/**
	 * One event, or several events of the same type if they are rejections, timeouts or
	 * suspected leaks.
	 *
	 * @param event the last of these events
	 * @param count the number of these events, at least 1
	 */
	public record CountedEvent(PoolEvent event, int count) {
	}

	/**
	 * The reason why a live service is suspended.
	 *
	 * @param remaining the maximum time for which the service remains suspended
	 * @param reason the reason, as text
	 */
	public record Suspension(Duration remaining, String reason) {
	}

	/**
	 * The state of one service.
	 *
	 * @param id the number of the service in its pool, in the order of creation, from 1
	 * @param target the name of the target
	 * @param state the state
	 * @param load the load of the service
	 * @param age the time since the service joined
	 * @param totals the counts since the service joined
	 * @param suspension the reason why the service is suspended; {@code null} if the
	 * service is not suspended
	 * @param details what the service reports about itself
	 */
	public record ServiceSnapshot(long id, String target, State state, Load load, Duration age, Totals totals,
			@Nullable Suspension suspension, Map<String, String> details) {

		/**
		 * The load of a service, which determines whether it receives a request.
		 *
		 * @param inFlight the number of requests in flight
		 * @param limit the current concurrency limit, 1 while the service is cold; empty
		 * if there is no limit
		 * @param learnedLimit the concurrency limit that applies when the service is not
		 * cold: as configured, or lower if this service or others of its target refused
		 * requests; empty if there is no limit
		 * @param score the load score that the pool compares when it picks a service; the
		 * service reports this value, or the load metric measures it in its own unit
		 */
		public record Load(int inFlight, OptionalInt limit, OptionalInt learnedLimit, double score) {
		}

		/**
		 * The counts since the service joined.
		 *
		 * @param calls the number of requests
		 * @param failures the number of requests that failed
		 * @param ejections the number of ejections
		 */
		public record Totals(long calls, long failures, long ejections) {
		}

		/** The states of a service. */
		public enum State {

			/** The service can accept one more request. */
			READY,

			/** The service is at its concurrency limit. */
			BUSY,

			/** The service reported that it is pending, or is being polled. */
			PENDING,

			/**
			 * The service receives only requests that would otherwise wait, because its
			 * server asked for a pause.
			 */
			PAUSED,

			/** The service failed and receives no requests except probes. */
			EJECTED,

			/** The service is retired and has requests in flight. */
			DRAINING,

			/** The service is being closed. */
			CLOSING;

			/**
			 * Return the state as it is spelled in JSON and tags.
			 * @return the name in lower case
			 */
			public String code() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

	}

}
