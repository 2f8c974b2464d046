package dev.servicepool.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.permit.SampleBudget;
import dev.servicepool.internal.util.Failure;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import dev.servicepool.internal.balance.PowerOfTwoChoices;
import org.jspecify.annotations.Nullable;

/**
 * Acquires permits for callers: without the lock if a service is ready, through the lock
 * otherwise. Never blocks and can be used by any thread.
 */
final class Acquirer<Q, R> {

	/**
	 * The factor by which one measured load score must be lower than another one. A
	 * smaller difference between two latencies is a coincidence. Numbers of requests are
	 * exact and have the factor 1.
	 */
	private static final double LOWER_MEASURED = 0.9;

	private final StateLock<Q, R> stateLock;

	private final PoolState<Q, R> state;

	private final SampleBudget sampleBudget;

	private final PowerOfTwoChoices<Member<Q, R>> candidates;

	private final Ticker ticker;

	Acquirer(StateLock<Q, R> stateLock, PoolState<Q, R> state, Ticker ticker, RandomGenerator random) {
		this.stateLock = stateLock;
		this.state = state;
		this.sampleBudget = state.sampleBudget();
		this.candidates = new PowerOfTwoChoices<>(state.readySet(), random, state.isLoadTimed() ? LOWER_MEASURED : 1);
		this.ticker = ticker;
	}

	/**
	 * Acquire a permit of a ready service without the lock.
	 * @param metricTime the time for the load metric
	 * @return the member, or {@code null} if no permit could be acquired
	 */
	@Nullable Member<Q, R> tryAcquire(long metricTime) {
		Member<Q, R> member = pick(metricTime);
		while (member != null && !member.isPolledEachTime()) {
			if (member.permits.tryAcquire()) {
				countReady(member);
				return member;
			}
			if (member.isProbing()) {
				return null;
			}
			member = pick(metricTime);
		}
		return null;
	}

	/** Pick a service, which is only suspect if no other one is ready. */
	private @Nullable Member<Q, R> pick(long now) {
		Member<Q, R> member = this.candidates.pick(now);
		if (member == null || !member.isSuspect()) {
			return member;
		}
		Member<Q, R> other = this.candidates.pick(now, (each) -> !each.isSuspect() && !each.isProbing());
		return (other != null) ? other : member;
	}

	private void countReady(Member<Q, R> member) {
		if (this.sampleBudget.isDue(member.permits) || member.isWornOut()) {
			this.stateLock.check();
		}
	}

	/**
	 * Acquire a permit, through the lock if necessary. Never blocks.
	 * @param mayWait whether the caller may join the wait queue
	 * @return the caller: settled, or in the wait queue, or neither if it may not wait
	 */
	Waiter<Q, R> acquire(boolean mayWait) {
		Waiter<Q, R> waiter = new Waiter<>(this.ticker.nanos());
		acquire(waiter, mayWait);
		return waiter;
	}

	/**
	 * Acquire a permit for a caller whose request is sent again. Never blocks.
	 * @param since the time of the caller's first request for a service
	 * @param wanted the condition that the service must meet; {@code null} for none
	 * @param preferences the conditions that the service should meet, most important
	 * first
	 * @return the caller: settled, or in the wait queue ahead of all others
	 */
	Waiter<Q, R> acquireAgain(long since, @Nullable Predicate<Member<Q, R>> wanted,
			List<Predicate<Member<Q, R>>> preferences) {
		Waiter<Q, R> waiter = tryAcquireAgain(since, wanted, preferences);
		if (!waiter.isSettled()) {
			acquire(waiter, true);
		}
		return waiter;
	}

	/**
	 * Acquire a permit of a ready service for a caller whose request is sent again. Never
	 * blocks.
	 * @param since the time of the caller's first request for a service
	 * @param preferences the conditions, of which the service meets the first one that it
	 * can
	 * @return the caller: settled, or not settled if no such service is ready
	 */
	Waiter<Q, R> tryAcquireAgain(long since, List<Predicate<Member<Q, R>>> preferences) {
		return tryAcquireAgain(since, null, preferences);
	}

	private Waiter<Q, R> tryAcquireAgain(long since, @Nullable Predicate<Member<Q, R>> wanted,
			List<Predicate<Member<Q, R>>> preferences) {
		Waiter<Q, R> waiter = new Waiter<>(since);
		waiter.again = true;
		waiter.wanted = wanted;
		for (Predicate<Member<Q, R>> preference : preferences) {
			acquire(waiter, preference);
		}
		return waiter;
	}

	/**
	 * Acquire a permit of a ready service for certain targets. Never blocks.
	 * @param wanted the condition that the target must meet
	 * @return the caller: settled, or not settled if no such service is ready
	 */
	Waiter<Q, R> acquire(Predicate<? super Target> wanted) {
		Waiter<Q, R> waiter = new Waiter<>(this.ticker.nanos());
		acquire(waiter, (Member<Q, R> member) -> wanted.test(member.target));
		if (!waiter.isSettled()) {
			this.stateLock.update((now) -> this.state.rejectIfClosed(waiter));
		}
		return waiter;
	}

	/** Acquire a permit of a ready service that meets a condition. Never blocks. */
	private void acquire(Waiter<Q, R> waiter, Predicate<Member<Q, R>> wanted) {
		Set<Member<Q, R>> tried = new HashSet<>();
		Predicate<Member<Q, R>> next = (member) -> !member.isProbing() && !tried.contains(member) && wanted.test(member)
				&& waiter.accepts(member);
		while (!waiter.isSettled()) {
			Member<Q, R> member = this.candidates.pick(this.ticker.nanos(), next);
			if (member == null) {
				return;
			}
			tried.add(member);
			if (member.isPolledEachTime()) {
				pollFor(waiter, member);
			}
			else {
				tryAcquire(waiter, member);
			}
		}
	}

	/**
	 * Settle a caller whose wait timed out: with a timeout, unless it was granted a
	 * permit.
	 */
	void giveUp(Waiter<Q, R> waiter) {
		this.stateLock.update((now) -> this.state.giveUp(waiter, now));
	}

	/**
	 * Remove a caller that stops waiting, and release the permit it may have been
	 * granted.
	 */
	void abandon(Waiter<Q, R> waiter) {
		this.stateLock.update((now) -> this.state.abandon(waiter, now));
	}

	private void acquire(Waiter<Q, R> waiter, boolean mayWait) {
		boolean retry = true;
		while (retry && !waiter.isSettled()) {
			Member<Q, R> member = (waiter.wanted == null) ? pick(this.ticker.nanos())
					: this.candidates.pick(this.ticker.nanos(), waiter.wanted);
			if (member == null) {
				retry = this.stateLock.decide((now) -> this.state.arrive(waiter, mayWait, now));
			}
			else if (member.isPolledEachTime()) {
				pollFor(waiter, member);
			}
			else if (!tryAcquire(waiter, member) && member.isProbing()) {
				this.stateLock.update((now) -> this.state.acquireProbe(waiter, member, now));
			}
		}
	}

	private boolean tryAcquire(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (waiter.again) {
			return this.stateLock.decide((now) -> this.state.acquireAgain(waiter, member));
		}
		boolean acquired = member.permits.tryAcquire();
		if (acquired) {
			waiter.grant(member);
			countReady(member);
		}
		return acquired;
	}

	private void pollFor(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (this.stateLock.decide((now) -> this.state.reserve(member))) {
			waiter.polledItself = true;
			poll(member, waiter);
		}
	}

	/**
	 * Poll a member that is reserved for this poll.
	 * @param caller the caller that wants the member; if {@code null}, the poll is for
	 * the first caller in the wait queue
	 */
	void poll(Member<Q, R> member, @Nullable Waiter<Q, R> caller) {
		Readiness readiness;
		try {
			readiness = member.poll();
		}
		catch (Throwable ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			Failure failure = Failure.of(ex);
			this.stateLock.update((now) -> this.state.pollFailed(member, failure, now));
			return;
		}
		this.stateLock.update((now) -> this.state.polled(member, readiness, caller, now));
	}

}
