package dev.servicepool;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * One decision of a pool and its reason.
 *
 * @param pool the name of the pool
 * @param sequence the number of the event in its pool, from 1 up without gaps
 * @param timestamp when it happened
 * @param type what was decided
 * @param reason the reason as one of few, {@code null} for kinds of decisions that have
 * no {@link Reason}
 * @param message the reason, in words
 * @param service the id of the service it is about, if it is about one
 * @param poolSize how many live services the pool has after it
 * @param count how often the same thing happened in a row, at least 1; only rejections,
 * timeouts and suspected leaks are counted together, and only in a snapshot
 */
public record PoolEvent(String pool, long sequence, Instant timestamp, Type type, @Nullable Reason reason,
		String message, @Nullable Long service, int poolSize, int count) {

	/**
	 * Check that the reason is one for what was decided.
	 * @throws IllegalArgumentException if not
	 */
	public PoolEvent {
		if (reason != null && reason.type() != type) {
			throw new IllegalArgumentException(reason + " is no reason for " + type);
		}
	}

	/**
	 * Return the same event, as the last of several in a row.
	 * @param count how many they are
	 * @return the event with that count
	 */
	PoolEvent withCount(int count) {
		return new PoolEvent(this.pool, this.sequence, this.timestamp, this.type, this.reason, this.message,
				this.service, this.poolSize, count);
	}

	/** The kinds of decisions. */
	public enum Type {

		/** A service was made, for the reason given. */
		CREATED,

		/** A service could not be made. */
		CREATION_FAILED,

		/** A new service takes requests from now on. */
		JOINED,

		/** A service takes no more requests and closes when its last one has ended. */
		RETIRED,

		/** A retired service has closed. */
		DRAINED,

		/** A service has failed and is dropped. */
		EVICTED,

		/** A service has failed and gets no requests for a while but to try it. */
		EJECTED,

		/** A service that was ejected gets requests again. */
		READMITTED,

		/** A service gets no requests for a while, since its server asks for that. */
		PAUSED,

		/** A service that was paused gets requests again. */
		RESUMED,

		/** A service has refused a request and gets fewer at a time from now on. */
		LIMITED,

		/** Services are made for other targets from now on. */
		TARGETS_CHANGED,

		/** A change of size was called for but not made. */
		VETOED,

		/**
		 * A lease is held for longer than {@code leakDetectionThreshold}. The log tells
		 * by whom.
		 */
		LEAK_SUSPECTED,

		/** A caller was turned away because too many were waiting. */
		REJECTED,

		/** A caller waited for as long as it was ready to, in vain. */
		TIMED_OUT;

		/**
		 * Return the type as it is spelled in JSON.
		 * @return the name in lower case with dashes, such as {@code creation-failed}
		 */
		public String code() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/** The reasons for which services go, or a change of size is held back. */
	public enum Reason {

		/** The load is low, and what was needed lately fits into the others. */
		LOW_LOAD(Type.RETIRED),

		/** The service was not needed for {@code idleTimeout}. */
		IDLE(Type.RETIRED),

		/** The service has reached its {@code maxLifetime}. */
		MAX_LIFETIME(Type.RETIRED),

		/** Another target has no service yet, and there is no other place for one. */
		SLOT_NEEDED(Type.RETIRED),

		/** The pool has other targets from now on. */
		TARGET_REMOVED(Type.RETIRED),

		/** The pool is drained. */
		POOL_DRAINED(Type.RETIRED),

		/** The pool is closed. */
		POOL_CLOSED(Type.RETIRED),

		/** The service itself says that it has failed. */
		FAILED(Type.EVICTED),

		/** None is removed, since one is being made. */
		CREATION_IN_PROGRESS(Type.VETOED),

		/**
		 * None is removed, since what was needed lately would not fit into the others.
		 */
		HEADROOM(Type.VETOED),

		/** None is made, since there are {@code maxServices} already. */
		MAX_SERVICES(Type.VETOED),

		/** None is made, since the last attempts failed and the pause is not over. */
		BACKOFF(Type.VETOED),

		/** None is made, since those for each target fail or are paused. */
		ALL_SUSPENDED(Type.VETOED);

		private final Type type;

		Reason(Type type) {
			this.type = type;
		}

		/**
		 * Return what this is a reason for.
		 * @return the kind of decision
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
