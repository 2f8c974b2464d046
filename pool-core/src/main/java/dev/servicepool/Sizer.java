package dev.servicepool;

import java.util.concurrent.TimeoutException;

import dev.servicepool.PoolEvent.What;
import dev.servicepool.sizing.Level;
import dev.servicepool.sizing.LoadEstimate;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a service is made and when one is removed. Guarded by the pool's lock, but
 * for the counter of ready samples.
 */
final class Sizer<Q, R> {

	/** Why a change of size was not made. */
	private enum Hold {

		BEING_MADE, AT_MOST, PAUSE

	}

	private final PoolSettings settings;

	private final Roster<Q, R> roster;

	private final Departures<Q, R> departures;

	private final Journal<Q, R> journal;

	private final Makes makes;

	private final LoadEstimate estimate;

	/** Ready samples that are not in the estimate yet. Counts for any thread. */
	private final ReadyCounter readies = new ReadyCounter();

	/** Whether the pool has been started or asked for a service. */
	private boolean started;

	private boolean closed;

	/** The hold that was told last: the same one is not told over and over. */
	private @Nullable Hold told;

	Sizer(PoolSettings settings, Roster<Q, R> roster, Departures<Q, R> departures, Journal<Q, R> journal, Makes makes) {
		this.settings = settings;
		this.roster = roster;
		this.departures = departures;
		this.journal = journal;
		this.makes = makes;
		this.estimate = new LoadEstimate(settings.initial(), settings.underutilizedBelow(), settings.loadedAbove(),
				settings.urgency());
	}

	ReadyCounter readies() {
		return this.readies;
	}

	LoadEstimate estimate() {
		return this.estimate;
	}

	Makes makes() {
		return this.makes;
	}

	void start() {
		this.started = true;
	}

	/** Make no service from now on until the pool is started again. */
	void stop() {
		this.started = false;
		Attempt abandoned = this.makes.abandon();
		if (abandoned != null) {
			this.journal.effect(new Effect.CancelMake<>(abandoned));
		}
	}

	/** Make no service any more. */
	void close() {
		stop();
		this.closed = true;
	}

	/** Take in the ready samples that were counted apart. First of all on every entry. */
	void takeInReadies(long now) {
		ready(this.readies.take(), now);
	}

	/** A number of callers found, or got, a service. */
	void ready(long count, long now) {
		long left = count;
		while (left > 0) {
			// Below the floor nothing can be removed, so the steps don't matter.
			long sure = canShrink() ? Math.min(left, this.estimate.readiesBeforeLow()) : left;
			if (sure > 0) {
				this.estimate.ready(sure);
				left -= sure;
			}
			else {
				left--;
				if (this.estimate.ready(1) == Level.LOW) {
					shrink(now);
				}
			}
		}
	}

	/** A caller found no service ready. */
	void pending(long now) {
		if (!this.makes.inProgress() && this.estimate.pending() == Level.HIGH) {
			grow("load " + Decimal.of(this.estimate.raised()) + " above " + Decimal.of(this.settings.loadedAbove()),
					now);
		}
	}

	private boolean canShrink() {
		return this.roster.live().size() > this.settings.minServices();
	}

	private void shrink(long now) {
		String why = "load " + Decimal.of(this.estimate.raised()) + " below "
				+ Decimal.of(this.settings.underutilizedBelow());
		this.estimate.reset();
		if (this.makes.inProgress()) {
			hold(Hold.BEING_MADE, why + ", but a service is being made");
		}
		else {
			this.departures.retire(this.roster.removedFirst(), why, now);
			this.told = null;
		}
	}

	private void grow(String why, long now) {
		if (this.closed) {
			return;
		}
		if (this.makes.pausing()) {
			hold(Hold.PAUSE,
					why + ", but making failed and is tried again in " + this.makes.pauseLeft(now).toMillis() + " ms");
		}
		else if (this.roster.places() >= this.settings.maxServices()) {
			hold(Hold.AT_MOST, why + ", but there are " + this.roster.places() + " of at most "
					+ this.settings.maxServices() + " services, " + this.roster.leaving().size() + " of them leaving");
		}
		else {
			beginMake(why, now);
		}
	}

	/** Make what is missing to {@code minServices}, whatever the load. */
	void keepMinimum(long now) {
		int live = this.roster.live().size();
		if (this.started && !this.closed && live < this.settings.minServices() && !this.makes.inProgress()
				&& !this.makes.pausing() && this.roster.places() < this.settings.maxServices()) {
			beginMake(live + " of at least " + this.settings.minServices() + " services", now);
		}
	}

	private void beginMake(String why, long now) {
		this.journal.effect(new Effect.Make<>(this.makes.begin(this.roster.leastServed(), why, now)));
	}

	/**
	 * A service was made.
	 * @return whether it is wanted: not if it comes late
	 */
	boolean made(Attempt attempt, Member<Q, R> member) {
		if (!this.makes.succeeded(attempt)) {
			return false;
		}
		this.roster.live().add(member);
		this.estimate.settled();
		this.told = null;
		this.journal.event(What.MADE, attempt.why, member);
		return true;
	}

	/**
	 * A service could not be made.
	 * @return whether anybody still waited for it
	 */
	boolean makeFailed(Attempt attempt, Throwable cause, long now) {
		boolean counts = this.makes.failed(attempt, cause, now);
		if (counts) {
			afterFailure(attempt, cause);
		}
		return counts;
	}

	/**
	 * Give up a make that takes too long.
	 * @return whether there was one
	 */
	boolean giveUpOnSlowMake(long now) {
		Attempt attempt = this.makes.current();
		if (attempt == null || now - attempt.deadline < 0) {
			return false;
		}
		this.makes.abandon();
		this.journal.effect(new Effect.CancelMake<>(attempt));
		TimeoutException cause = new TimeoutException("making a service for " + attempt.target.name()
				+ " took longer than makeTimeout, which is " + this.settings.makeTimeout());
		this.makes.pause(cause, now);
		afterFailure(attempt, cause);
		return true;
	}

	private void afterFailure(Attempt attempt, Throwable cause) {
		this.estimate.settled();
		this.told = null;
		this.journal.event(What.MAKE_FAILED, "for " + attempt.target.name() + ": " + cause);
	}

	/** Whether no service is there and none can be had before a pause is over. */
	boolean isHopeless() {
		return this.roster.live().isEmpty() && this.makes.pausing() && !this.makes.inProgress();
	}

	/** Say how many readies may be counted apart. Last of all on every exit. */
	void allowReadies() {
		this.readies.allow(canShrink() ? this.estimate.readiesBeforeLow() : Long.MAX_VALUE);
	}

	/** A place has become free. */
	void placeFreed() {
		this.told = null;
	}

	private void hold(Hold hold, String why) {
		if (this.told != hold) {
			this.told = hold;
			this.journal.event(What.HELD_BACK, why);
		}
	}

}
