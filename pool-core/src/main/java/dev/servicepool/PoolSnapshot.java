package dev.servicepool;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.servicepool.sizing.Level;
import org.jspecify.annotations.Nullable;

/**
 * The state of a pool at one moment.
 *
 * @param name the name of the pool
 * @param level what the load estimate said last
 * @param load the load estimate, in [0, 1]
 * @param inFlight how many leases are out
 * @param waiting how many callers wait
 * @param services how many services there are, by state
 * @param calls how the calls so far ended
 * @param creations how the attempts to make a service so far ended
 * @param ejections how often a service was ejected so far
 * @param headroom what keeps services from being removed
 * @param settings the settings in force
 * @param lastDecision the last decision that was not about a single caller, if any
 * @param members the services, oldest first, those that drain included
 * @param events the last decisions, oldest first, at most {@value EventLog#CAPACITY}
 */
public record PoolSnapshot(String name, Level level, double load, int inFlight, int waiting, Services services,
		Calls calls, Creations creations, long ejections, Headroom headroom, PoolSettings settings,
		@Nullable PoolEvent lastDecision, List<Member> members, List<PoolEvent> events) {

	/**
	 * How many services there are. {@code total = ready + busy + ejected}.
	 *
	 * @param total those that take requests, now or later
	 * @param ready those that can take one more request now
	 * @param busy those that are at their limit, have said that they are pending, or are
	 * left alone because their server has asked for that
	 * @param creating those being made, 0 or 1
	 * @param draining those that take no more requests but have not closed yet
	 * @param ejected those set aside because they failed
	 */
	public record Services(int total, int ready, int busy, int creating, int draining, int ejected) {
	}

	/**
	 * How the calls so far ended, counted from the start of the pool.
	 *
	 * @param succeeded those that were answered
	 * @param failed those that failed
	 * @param unsent those whose request was never sent
	 * @param unknown those that ended without an outcome
	 * @param rejected callers turned away because too many were waiting
	 * @param timedOut callers that waited in vain
	 */
	public record Calls(long succeeded, long failed, long unsent, long unknown, long rejected, long timedOut) {
	}

	/**
	 * What became of the attempts to make a service, counted from the start of the pool.
	 * {@code attempts = created + failed + inProgress + discardedLate}, and
	 * {@code created} = live services + draining + {@code drained} + {@code evicted}.
	 *
	 * @param attempts all of them
	 * @param created those that brought a service
	 * @param failed those that failed
	 * @param inProgress those that have not returned, late ones included
	 * @param discardedLate those whose service came after the timeout and was closed
	 * @param drained services that were removed and have closed
	 * @param evicted services that failed and have closed
	 */
	public record Creations(long attempts, long created, long failed, int inProgress, long discardedLate, long drained,
			long evicted) {
	}

	/**
	 * What keeps services from being removed: one is removed only if the peak would have
	 * fitted into the others.
	 *
	 * @param window over how much of the past the peak is taken at present, from the
	 * configured {@code headroomWindow} to eight times that; zero if there is no guard
	 * @param peak the greatest number of requests in flight and waiting in that time; 0
	 * if there is no guard
	 */
	public record Headroom(Duration window, int peak) {
	}

	/**
	 * Why a live service gets no requests.
	 *
	 * @param remaining how long at most it gets none yet
	 * @param why the reason, in words
	 */
	public record Suspension(Duration remaining, String reason) {
	}

	/**
	 * The state of one service.
	 *
	 * @param id its number in its pool, from 1 up in the order in which they were made
	 * @param target the name of what it was made for
	 * @param state what it is doing
	 * @param inFlight its requests in flight
	 * @param limit the greatest number of its requests in flight, 1 while it is cold;
	 * {@link PoolBuilder#UNLIMITED} for no limit
	 * @param learnedLimit how many it carries once it is warm, as far as is known: as
	 * configured, or fewer if it has refused some; {@link PoolBuilder#UNLIMITED} for no
	 * limit
	 * @param load its load, by the service itself or by the pool's metric
	 * @param age the time since it joined
	 * @param calls the requests it was given so far
	 * @param failures how many of those failed
	 * @param ejections how often it was ejected so far
	 * @param suspension why it gets no requests at present, {@code null} if it does
	 * @param details what the service says of itself
	 */
	public record Member(long id, String target, State state, int inFlight, int limit, int learnedLimit, double load,
			Duration age, long calls, long failures, long ejections, @Nullable Suspension suspension,
			Map<String, String> details) {

		/** What a service is doing. */
		public enum State {

			/** It can take one more request. */
			READY,

			/** It is at its limit. */
			BUSY,

			/** It has said that it can take no request now, or is being asked. */
			PENDING,

			/** It gets no requests, since its server has asked for that. */
			PAUSED,

			/** It gets no requests but single ones that try it, since it has failed. */
			EJECTED,

			/** It takes no more requests and has some in flight. */
			DRAINING,

			/** It is being closed. */
			CLOSING;

			/**
			 * Return the state in words.
			 * @return the name in lower case
			 */
			public String words() {
				return name().toLowerCase(Locale.ROOT);
			}

		}

	}

}
