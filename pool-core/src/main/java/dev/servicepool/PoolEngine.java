package dev.servicepool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.balance.TwoChoices;
import dev.servicepool.load.LoadGauge;
import org.jspecify.annotations.Nullable;

/**
 * Brings callers and services together: around the lock when a service is ready, through
 * it when none is. Every event goes to the {@link PoolState} under the lock; what the
 * state wants done is done outside of it, user code above all.
 */
final class PoolEngine<Q, R> implements Maker.Outcome<Q, R>, EffectRunner.Deeds<Q, R> {

	private static final LongConsumer NOTHING_NEW = (now) -> {
	};

	private final PoolSettings settings;

	private final PoolState<Q, R> state;

	private final Dispatcher<Q, R> dispatcher;

	private final ReadyCounter readies;

	private final TwoChoices<Member<Q, R>> choices;

	private final Maker<Q, R> maker;

	private final Notifier notifier;

	private final Ticker ticker;

	private final Workers workers;

	private final EffectRunner<Q, R> effects;

	private final ReentrantLock lock = new ReentrantLock();

	/** Whether somebody closes the pool, or has closed it. Any thread. */
	private final AtomicBoolean closing = new AtomicBoolean();

	/** Signalled when a service has closed. */
	private final Condition departure = this.lock.newCondition();

	PoolEngine(PoolSettings settings, PoolState<Q, R> state, Maker<Q, R> maker, Notifier notifier, LeakLog leakLog,
			Ticker ticker, RandomGenerator random, Scheduler scheduler, Workers workers) {
		this.settings = settings;
		this.state = state;
		this.dispatcher = state.dispatcher();
		this.readies = state.readies();
		this.choices = new TwoChoices<>(state.readySet(), random);
		this.maker = maker;
		this.notifier = notifier;
		this.ticker = ticker;
		this.workers = workers;
		this.effects = new EffectRunner<>(this, leakLog, ticker, scheduler, workers);
	}

	void start() {
		tell((now) -> this.state.start());
	}

	/**
	 * Take a place of a ready service, without the lock.
	 * @param metricTime the time for the loads
	 * @return the member, or {@code null} if that could not be done
	 */
	@Nullable Member<Q, R> take(long metricTime) {
		Member<Q, R> member = this.choices.pick(metricTime);
		while (member != null && !member.polled) {
			if (member.permits.tryTake()) {
				countReady();
				return member;
			}
			if (member.probing) {
				return null;
			}
			member = this.choices.pick(metricTime);
		}
		return null;
	}

	private void countReady() {
		if (this.readies.increment()) {
			tell(NOTHING_NEW);
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
		Member<Q, R> member = this.choices.pick(this.ticker.nanos(), next);
		while (member != null && !waiter.isSettled()) {
			asked.add(member);
			if (member.polled) {
				pollFor(waiter, member);
			}
			else if (member.permits.tryTake()) {
				waiter.grant(member);
				countReady();
			}
			member = waiter.isSettled() ? null : this.choices.pick(this.ticker.nanos(), next);
		}
		return waiter;
	}

	private void ask(Waiter<Q, R> waiter, boolean mayWait) {
		boolean look = true;
		while (look && !waiter.isSettled()) {
			Member<Q, R> member = this.choices.pick(this.ticker.nanos());
			if (member == null) {
				look = decide((now) -> this.state.arrive(waiter, mayWait, now));
			}
			else if (member.polled) {
				pollFor(waiter, member);
			}
			else if (member.permits.tryTake()) {
				waiter.grant(member);
				if (!waiter.again) {
					countReady();
				}
			}
			else if (member.probing) {
				tell((now) -> this.dispatcher.takeProbe(waiter, member, now));
			}
		}
	}

	private void pollFor(Waiter<Q, R> waiter, Member<Q, R> member) {
		if (decide((now) -> this.dispatcher.reserve(member))) {
			waiter.returned = true;
			poll(member, waiter);
		}
	}

	/** The caller's time is up; it is settled one way or the other. */
	void giveUp(Waiter<Q, R> waiter) {
		tell((now) -> this.state.giveUp(waiter, now));
	}

	/** The caller goes away. What it was granted in the last moment is given back. */
	void abandon(Waiter<Q, R> waiter) {
		tell((now) -> this.state.withdraw(waiter));
		Member<Q, R> granted = waiter.granted();
		if (granted != null) {
			if (waiter.probe) {
				probeUndecided(granted);
			}
			granted.unknown.getAndIncrement();
			giveBack(granted);
		}
	}

	void probeSucceeded(Member<Q, R> member) {
		tell((now) -> this.state.outliers().probeSucceeded(member, now));
	}

	void probeUndecided(Member<Q, R> member) {
		tell((now) -> this.state.outliers().probeUndecided(member, now));
	}

	/** A request has failed through the fault of its service: give its place back. */
	void failed(Member<Q, R> member, Failure failure, boolean probe) {
		tell((now) -> this.state.failed(member, failure, probe, now));
	}

	/** The server of a service asks for no requests for a while. */
	void pause(Member<Q, R> member, long nanos) {
		tell((now) -> this.state.pauses().pause(member, nanos, now));
	}

	void warmed(Member<Q, R> member) {
		tell((now) -> this.dispatcher.warmed(member, now));
	}

	/**
	 * A service has refused a request: give its place back, and know better next time.
	 */
	void refused(Member<Q, R> member) {
		tell((now) -> this.dispatcher.refused(member, now));
	}

	void giveBack(Member<Q, R> member) {
		if (!member.permits.tryGiveBack()) {
			tell((now) -> this.dispatcher.released(member, now));
		}
	}

	@Override
	public void poll(Member<Q, R> member) {
		poll(member, null);
	}

	/**
	 * Poll a member that is reserved for it.
	 * @param caller who wants the member; if absent, the first in the queue does
	 */
	private void poll(Member<Q, R> member, @Nullable Waiter<Q, R> caller) {
		Readiness readiness;
		try {
			readiness = member.poll();
		}
		catch (Throwable ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			Failure failure = Failure.of(ex);
			tell((now) -> this.dispatcher.pollFailed(member, failure, now));
			return;
		}
		tell((now) -> this.dispatcher.polled(member, readiness, caller, now));
	}

	@Override
	public void wokeUp(Member<Q, R> member) {
		tell((now) -> this.dispatcher.wokeUp(member, now));
	}

	@Override
	public void make(Attempt attempt) {
		this.maker.make(attempt, this::gauges, this::wokeUp, this);
	}

	private List<LoadGauge> gauges() {
		return decide((now) -> this.state.members()).stream().map((member) -> member.gauge.gauge()).toList();
	}

	@Override
	public boolean made(Attempt attempt, Member<Q, R> member, Readiness readiness) {
		return decide((now) -> this.state.made(attempt, member, readiness, now));
	}

	@Override
	public void makeFailed(Attempt attempt, Throwable cause) {
		Failure failure = Failure.of(cause);
		tell((now) -> this.state.makeFailed(attempt, failure, now));
	}

	@Override
	public void close(Member<Q, R> member) {
		this.maker.close(member.id, member.service);
		tell((now) -> {
			this.state.closed(member);
			this.departure.signalAll();
		});
	}

	@Override
	public void tick() {
		tell((now) -> {
			this.state.tick(now);
			this.departure.signalAll();
		});
	}

	void retarget(List<Target> targets) {
		tell((now) -> this.state.retarget(targets, now));
	}

	PoolSnapshot snapshot() {
		Map<Member<Q, R>, Member.Observed> observed = new HashMap<>();
		for (Member<Q, R> member : decide((now) -> this.state.members())) {
			observed.put(member, member.observe(this.ticker.nanos()));
		}
		return decide((now) -> this.state.snapshot(observed, now));
	}

	boolean drain(long timeoutNanos) throws InterruptedException {
		return awaitDeparture(decide(this.state::drain), timeoutNanos);
	}

	void close() {
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		List<Member<Q, R>> leaving = decide(this.state::close);
		boolean gone = false;
		try {
			gone = awaitDeparture(leaving, Nanos.of(this.settings.closeTimeout()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!gone) {
			tell(this.state::cut);
		}
		this.workers.close();
	}

	private boolean awaitDeparture(List<Member<Q, R>> leaving, long timeoutNanos) throws InterruptedException {
		long left = timeoutNanos;
		this.lock.lockInterruptibly();
		try {
			while (leaving.stream().anyMatch(this.state::isLeaving)) {
				if (left <= 0) {
					return false;
				}
				left = this.departure.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Let the state take in an event, then do what it says. */
	private void tell(LongConsumer event) {
		decide((now) -> {
			event.accept(now);
			return Boolean.TRUE;
		});
	}

	/** Let the state decide on an event, then do what it says. */
	private <T> T decide(LongFunction<T> event) {
		T decision;
		List<Effect<Q, R>> effects;
		this.lock.lock();
		try {
			long now = this.ticker.nanos();
			this.state.enter(now);
			decision = event.apply(now);
			effects = this.state.leave(now);
		}
		finally {
			this.lock.unlock();
		}
		effects.forEach(this.effects::carryOut);
		this.notifier.tell();
		return decision;
	}

}
