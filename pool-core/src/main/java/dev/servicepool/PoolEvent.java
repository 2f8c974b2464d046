package dev.servicepool;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Event that records one decision of a pool and its reason.
 *
 * @param pool the name of the pool
 * @param sequence the number of the event in its pool, from 1 without gaps
 * @param timestamp the time of the event
 * @param type the type of the event
 * @param reason the machine-readable reason, or {@code null} if events of this type have
 * no reason
 * @param message the reason as a short text with figures
 * @param service the ID of the service, or {@code null} if the event does not concern a
 * single service
 * @param poolSize the number of live services after the event
 */
public record PoolEvent(String pool, long sequence, Instant timestamp, Type type, @Nullable Reason reason,
		String message, @Nullable Long service, int poolSize) {

	/**
	 * Create an event.
	 * @throws IllegalArgumentException if the reason belongs to another type of event
	 */
	public PoolEvent {
		if (reason != null && reason.type() != type) {
			throw new IllegalArgumentException("reason must be a reason of " + type + " events but was " + reason);
		}
	}

	/** The types of events. */
	public enum Type {

		/** A service was created. */
		CREATED,

		/** An attempt to create a service failed. */
		CREATION_FAILED,

		/** A new service joined the pool. */
		JOINED,

		/**
		 * A service was retired: it receives no new requests, and closes after its last
		 * request has ended.
		 */
		RETIRED,

		/** A retired service was closed. */
		DRAINED,

		/** A service that cannot be used any more was removed from the pool. */
		EVICTED,

		/**
		 * A service was ejected because of its failures. It receives no requests except
		 * probes.
		 */
		EJECTED,

		/** An ejected service receives requests again. */
		READMITTED,

		/** A service was paused because its server asked for a pause. */
		PAUSED,

		/** The pause of a service is over, or ended because all targets were paused. */
		RESUMED,

		/**
		 * A service refused a request, so that the pool lowered the concurrency limit of
		 * the service.
		 */
		LIMITED,

		/** The targets of the pool were replaced. */
		TARGETS_CHANGED,

		/** A target is drained, see {@link Pool#drainTarget}. */
		TARGET_DRAINED,

		/** A target is not drained any more, see {@link Pool#undrainTarget}. */
		TARGET_UNDRAINED,

		/** Bounds of the pool were changed, see {@link Pool#changeBounds}. */
		BOUNDS_CHANGED,

		/** The pool replaces all services, see {@link Pool#replaceServices}. */
		REPLACEMENT_BEGUN,

		/** New services could not work, see {@link Pool#skipReplacement}. */
		REPLACEMENT_SKIPPED,

		/**
		 * The pool forgot what it had learned about its servers, see {@link Pool#reset}.
		 */
		RESET,

		/** The load estimate required a resize, but the pool vetoed the resize. */
		VETOED,

		/**
		 * A lease has been active for longer than {@code leakDetectionThreshold}. The log
		 * contains the stack trace of the call that acquired the lease.
		 */
		LEAK_SUSPECTED,

		/**
		 * At least 5 calls ended within 10 seconds, and none of them succeeded. Recorded
		 * at most once per minute while the outage lasts.
		 */
		OUTAGE,

		/** A call succeeded after an outage. */
		RECOVERED,

		/**
		 * The budget denied a further attempt of a request. Recorded once until the
		 * budget is available again.
		 */
		RETRIES_EXHAUSTED,

		/** The budget has denied no further attempt for 10 seconds. */
		RETRIES_AVAILABLE,

		/**
		 * A caller was rejected because the wait queue was full, or because the pool had
		 * no service and could not create one.
		 */
		REJECTED,

		/** The wait of a caller timed out. */
		TIMED_OUT;

		/**
		 * Return the type as it is spelled in JSON.
		 * @return the name in lower case with dashes, such as {@code creation-failed}
		 */
		public String code() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/** The reasons for removals of services and for vetoes. */
	public enum Reason {

		/** The load is low, and the other services can carry the recent peak demand. */
		LOW_LOAD(Type.RETIRED),

		/**
		 * The other services could have carried the peak demand of the last
		 * {@code idleTimeout}.
		 */
		IDLE(Type.RETIRED),

		/** The service reached its {@code maxLifetime}. */
		MAX_LIFETIME(Type.RETIRED),

		/** The service has had {@code maxRequestsPerService} requests. */
		MAX_REQUESTS(Type.RETIRED),

		/** The service had no traffic for {@code maxIdleTime}. */
		MAX_IDLE_TIME(Type.RETIRED),

		/** {@link Pool#replaceServices} replaces all services. */
		OUTDATED(Type.RETIRED),

		/**
		 * The service did not respond any more, and its successor responded. Or the
		 * service was a successor that is not needed.
		 */
		REPLACED(Type.RETIRED),

		/**
		 * Another target has no service and needs the slot of this service, because all
		 * {@code maxServices} slots are in use.
		 */
		SLOT_NEEDED(Type.RETIRED),

		/** The target of the service was removed. */
		TARGET_REMOVED(Type.RETIRED),

		/** The target of the service was drained by {@link Pool#drainTarget}. */
		TARGET_DRAINED(Type.RETIRED),

		/** {@link Pool#changeBounds} lowered {@code maxServices}. */
		MAX_LOWERED(Type.RETIRED),

		/** {@link Pool#drain} retired all services. */
		POOL_DRAINED(Type.RETIRED),

		/** The pool was closed. */
		POOL_CLOSED(Type.RETIRED),

		/** The service cannot be used, because its poll failed or it is broken. */
		FAILED(Type.EVICTED),

		/** No service is removed, because one is being created. */
		CREATION_IN_PROGRESS(Type.VETOED),

		/**
		 * No service is removed, because the others could not carry the recent peak
		 * demand.
		 */
		HEADROOM(Type.VETOED),

		/** No service is created, because all {@code maxServices} slots are in use. */
		MAX_SERVICES(Type.VETOED),

		/** No service is created, because the pool backs off after failed attempts. */
		BACKOFF(Type.VETOED),

		/**
		 * No service is created, because every target has a paused service, or only
		 * ejected services.
		 */
		ALL_SUSPENDED(Type.VETOED);

		private final Type type;

		Reason(Type type) {
			this.type = type;
		}

		/**
		 * Return the type of the events that have this reason.
		 * @return the type
		 */
		public Type type() {
			return this.type;
		}

		/**
		 * Return the reason as it is spelled in JSON and tags.
		 * @return the name in lower case with dashes, such as {@code low-load}
		 */
		public String code() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
