package dev.servicepool;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.balance.PowerOfTwoChoices;
import org.jspecify.annotations.Nullable;

/**
 * How callers come by a service: around the lock when one is ready, through it when none
 * is. Any thread; never blocks.
 */
final class Acquirer<Q, R> {

	private static final LongConsumer NOTHING_NEW = (now) -> {
	};

	private final StateLock<Q, R> guard;

	private final PoolState<Q, R> state;

	private final Dispatcher<Q, R> dispatcher;

	private final SampleBudget sampleBudget;

	private final PowerOfTwoChoices<Member<Q, R>> candidates;

	private final Ticker ticker;

	Acquirer(StateLock<Q, R> guard, PoolState<Q, R> state, Ticker ticker, RandomGenerator random) {
		this.guard = guard;
		this.state = state;
		this.dispatcher = state.dispatcher();
		this.sampleBudget = state.sampleBudget();
		this.candidates = new PowerOfTwoChoices<>(state.readySet(), random);
		this.ticker = ticker;
	}

	/**
	 * Take a place of a ready service, without the lock.
	 * @param metricTime the time for the loads
	 * @return the member, or {@code null} if that could not be done
	 */
	@Nullable Member<Q, R> tryAcquire(long metricTime) {
		Member<Q, R> member = this.candidates.pick(metricTime);
		while (member != null && !member.polled) {
			if (member.permits.tryAcquire()) {
				countReady(member);
				return member;
			}
			if (member.probing) {
				return null;
			}
			member = this.candidates.pick(metricTime);
		}
		return null;
	}

	private void countReady(Member<Q, R> member) {
		if (this.sampleBudget.isDue(member.permits)) {
			this.guard.tell(NOTHING_NEW);
		}
	}

	/**
	 * Ask for a service, through the lock if need be. Never blocks.
	 * @param mayWait whether to join the queue if there is none
	 * @return the caller: settled, or in the queue, or neither if it may not wait
	 */
	Waiter<Q, R> ask(boolean mayWait) {
		Waiter<Q, R> waiter = new Waiter<>(this.ticker.nanos());
		ask(waiter, mayWait);
		return waiter;
	}

	/**
	 * Ask again for a caller whose service has refused its request. Never blocks.
	 * @param since when the caller asked first
	 * @return the caller: settled or in the queue, ahead of all others
	 */
	Waiter<Q, R> askAgain(long since) {
		Waiter<Q, R> waiter = new Waiter<>(since);
		waiter.again = true;
		ask(waiter, true);
		return waiter;
	}

	/**
	 * Ask for a service of some targets that is ready. Never blocks.
	 * @return the caller: settled, or not if there is none
	 */
	Waiter<Q, R> ask(Predicate<? super Target> wanted) {
		Waiter<Q, R> waiter = new Waiter<>(this.ticker.nanos());
		Set<Member<Q, R>> asked = new HashSet<>();
		Predicate<Member<Q, R>> next = (member) -> !member.probing && !asked.contains(member)
				&& wanted.test(member.target);
		Member<Q, R> member = this.candidates.pick(this.ticker.nanos(), next);
		while (member != null && !waiter.isSettled()) {
			asked.add(member);
			if (member.polled) {
				pollFor(waiter, member);
			}
			else {
				tryAcquire(waiter, member);
			}
			member = waiter.isSettled() ? null : this.candidates.pick(this.ticker.nanos(), next);
		}
		if (!waiter.isSettled()) {
			this.guard.tell((now) -> this.state.rejectIfClosed(waiter));
		}
		return waiter;
	}

	private void ask(Waiter<Q, R> waiter, boolean mayWait) {
		boolean look = true;
		while (look && !waiter.isSettled()) {
			Member<Q, R> member = this.candidates.pick(this.ticker.nanos());
			if (member == null) {
				look = this.guard.decide((now) -> this.state.arrive(waiter, mayWait, now));
			}
			else if (member.polled) {
				pollFor(waiter, member);
			}
			else if (!tryAcquire(waiter, member) && member.probing) {
				this.guard.tell((now) -> this.dispatcher.acquireProbe(waiter, member, now));
			}
		}
	}

	private boolean tryAcquire(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (waiter.again) {
			return this.guard.decide((now) -> this.dispatcher.acquireAfterRefusal(waiter, member));
		}
		boolean acquired = member.permits.tryAcquire();
		if (acquired) {
			waiter.grant(member);
			countReady(member);
		}
		return acquired;
	}

	private void pollFor(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (this.guard.decide((now) -> this.dispatcher.reserve(member))) {
			waiter.returned = true;
			poll(member, waiter);
		}
	}

	/**
	 * Poll a member that is reserved for it.
	 * @param caller who wants the member; if absent, the first in the queue does
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
			this.guard.tell((now) -> this.dispatcher.pollFailed(member, failure, now));
			return;
		}
		this.guard.tell((now) -> this.dispatcher.polled(member, readiness, caller, now));
	}

}
