package dev.servicepool.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.util.Fields;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.load.LoadTracker;
import org.jspecify.annotations.Nullable;

/**
 * Lease on one permit of a member. The permit is released exactly once, by the thread
 * that ends the lease first.
 */
final class PoolLease<Q, R> implements Lease<Q, R> {

	private static final VarHandle STATE = Fields.handle(MethodHandles.lookup(), "state", int.class);

	/**
	 * The states of a lease. The bits above contain the permits that the request occupies
	 * in addition to its own.
	 */
	private static final int SENT = 0;

	private static final int RESPONDED = 1;

	private static final int ENDED = 2;

	private static final int PERMIT = 4;

	private static final byte USUAL = 0;

	/** The request is a probe of an ejected service. */
	private static final byte PROBE = 1;

	/** The request is sent a second time while the first attempt is in progress. */
	private static final byte HEDGE = 2;

	private final LeaseEvents<Q, R> events;

	/** One of the states above. Any thread. */
	private volatile int state;

	private final Member<Q, R> member;

	/** The time at which the lease began, 0 if no metric or listener needs it. */
	private final long startedAt;

	/** The time at which the caller requested the lease, 0 if no metric needs it. */
	private final long requestedAt;

	/**
	 * The kind of the lease, which is a byte so that leases remain small. Written before
	 * the lease is used.
	 */
	private byte kind;

	/** Whether the server asked for a pause. Any thread. */
	private volatile boolean paused;

	/** Whether the request is sent again with another lease. Any thread. */
	private volatile boolean repeated;

	/** Whether another lease must have the same target. Used by the caller only. */
	private boolean targetKept;

	/** The details of the lease, if the pool tracks its leases. */
	private final @Nullable LeaseRecord record;

	PoolLease(LeaseEvents<Q, R> events, Member<Q, R> member, long startedAt, long requestedAt, boolean probe,
			@Nullable LeaseRecord record) {
		this.events = events;
		this.member = member;
		this.startedAt = startedAt;
		this.requestedAt = requestedAt;
		this.kind = probe ? PROBE : USUAL;
		this.record = record;
	}

	@Override
	public Service<Q, R> service() {
		return this.member.service;
	}

	@Override
	public Target target() {
		return this.member.target;
	}

	@Override
	public void describeUse(Object use) {
		if (this.record != null) {
			this.record.describeUse(use);
		}
	}

	@Override
	public void recordResponse() {
		if (STATE.compareAndSet(this, SENT, RESPONDED)) {
			this.member.responsiveness.opened();
			responded();
		}
	}

	@Override
	public void recordErrorResponse() {
		if (STATE.compareAndSet(this, SENT, RESPONDED)) {
			this.member.responsiveness.opened();
			respondedWithError();
		}
	}

	@Override
	public boolean hasConnectionEnded() {
		return this.member.responsiveness.hasConnectionEndedAfter(this.startedAt);
	}

	@Override
	public void occupy(double share) {
		if (!(share >= 0 && share <= 1)) {
			throw new IllegalArgumentException("share must be from 0 to 1 but was " + share);
		}
		recordResponse();
		int more = this.member.limit.permits(share) - 1;
		if (more > 0 && STATE.compareAndSet(this, RESPONDED, RESPONDED + more * PERMIT)) {
			this.events.occupied(this.member, more);
		}
	}

	@Override
	public void pauseFor(Duration duration) {
		if (this.state != ENDED && !duration.isNegative() && !duration.isZero()) {
			this.paused = true;
			this.events.pause(this.member, Nanos.of(duration));
		}
	}

	@Override
	public boolean succeed() {
		return end(Ending.SUCCEEDED);
	}

	@Override
	public boolean fail(Throwable cause) {
		return fail(cause, this.events.classify(cause), this.repeated);
	}

	private boolean fail(Throwable cause, Outcome outcome, boolean again) {
		if (this.paused || outcome == Outcome.CLIENT_ERROR) {
			return end(Ending.IGNORED);
		}
		if (outcome == Outcome.CALLER) {
			return end(Ending.UNKNOWN);
		}
		int before = (int) STATE.getAndSet(this, ENDED);
		if (before == ENDED) {
			return false;
		}
		try {
			boolean measured = outcome == Outcome.NO_RESPONSE || outcome == Outcome.SERVER_ERROR;
			if (before == SENT) {
				long now = this.events.time();
				if (outcome == Outcome.NOT_SENT || outcome == Outcome.SERVER_ERROR) {
					this.events.early(this.member, this.startedAt, now);
				}
				complete(now, measured ? LoadTracker.Outcome.FAILED : LoadTracker.Outcome.UNKNOWN);
			}
			else if (measured) {
				this.member.loadTracker.failedAfterResponse(this.events.time());
			}
		}
		finally {
			endRecord();
			endResponse(before);
			this.events.failed(this.member, cause, outcome, new PoolState.FailedLease(this.startedAt,
					this.kind == PROBE, again, before != SENT, this.member.sharesConnection()));
			this.events.ended(this.startedAt);
		}
		return true;
	}

	@Override
	public boolean returnUnsent() {
		return end(Ending.UNSENT);
	}

	@Override
	public void keepTarget() {
		this.targetKept = true;
	}

	@Override
	public Lease<Q, R> awaitLeaseAfterRefusal(Duration timeout) throws InterruptedException {
		endRefused();
		LeaseEvents.Conditions<Q, R> conditions = new LeaseEvents.Conditions<>(
				this.targetKept ? this::hasSameTarget : null, List.of());
		return this.events.source().acquireAgain(this.requestedAt, conditions, timeout);
	}

	@Override
	public @Nullable Lease<Q, R> awaitOther(Throwable cause, Predicate<? super Target> preferred, Duration timeout)
			throws InterruptedException {
		LeaseEvents.Conditions<Q, R> conditions = endFailed(cause, preferred);
		return (conditions != null) ? this.events.source().acquireAgain(this.requestedAt, conditions, timeout) : null;
	}

	@Override
	public @Nullable Lease<Q, R> tryOther(Predicate<? super Target> allowed, Predicate<? super Target> preferred) {
		if (this.state == ENDED) {
			throw new IllegalStateException("Lease has already ended");
		}
		if (!this.events.takeRetry()) {
			return null;
		}
		Predicate<Member<Q, R>> wanted = (other) -> allowed.test(other.target)
				&& (!this.targetKept || hasSameTarget(other));
		Predicate<Member<Q, R>> elsewhere = wanted.and((candidate) -> preferred.test(candidate.target));
		List<Predicate<Member<Q, R>>> preferences = new ArrayList<>();
		if (mayUseOtherZone()) {
			preferences.add(elsewhere.and(Member::isRemote));
		}
		preferences.add(elsewhere);
		preferences.add(wanted.and((candidate) -> candidate != this.member));
		preferences.add(wanted);
		Lease<Q, R> other = this.events.source().tryAcquireAgain(this.requestedAt, preferences);
		if (other == null) {
			this.events.putRetryBack();
		}
		else {
			this.repeated = true;
		}
		return other;
	}

	@Override
	public @Nullable Lease<Q, R> tryHedge() {
		if (this.state == ENDED || !this.events.takeHedge()) {
			return null;
		}
		Lease<Q, R> other = null;
		try {
			other = this.events.source().tryAcquireHedge(this.requestedAt, hedgePreferences());
		}
		finally {
			if (other == null) {
				this.events.putHedgeBack();
			}
		}
		return other;
	}

	/** Return this lease as the one of a second attempt beside the first one. */
	PoolLease<Q, R> asHedge() {
		this.kind = HEDGE;
		return this;
	}

	private List<Predicate<Member<Q, R>>> hedgePreferences() {
		Predicate<Member<Q, R>> other = (candidate) -> candidate != this.member
				&& (!this.targetKept || hasSameTarget(candidate));
		Predicate<Member<Q, R>> responsive = (candidate) -> candidate.responsiveness.respondedAfter(this.startedAt);
		Predicate<Member<Q, R>> elsewhere = (candidate) -> !hasSameTarget(candidate);
		return List.of(other.and(responsive).and(elsewhere), other.and(responsive), other.and(elsewhere), other);
	}

	@Override
	public void markRepeated() {
		this.repeated = true;
	}

	/**
	 * End the lease as {@link #awaitOther} does, without waiting for another one.
	 * @return the conditions of the other one; {@code null} if there must be none
	 */
	LeaseEvents.@Nullable Conditions<Q, R> endFailed(Throwable cause, Predicate<? super Target> preferred) {
		Outcome outcome = this.events.classify(cause);
		Predicate<Target> others = (target) -> preferred.test(target)
				&& (!this.targetKept || target.equals(this.member.target));
		if (!this.events.allowsRepetition(outcome, others)) {
			return null;
		}
		if (!fail(cause, outcome, true)) {
			throw new IllegalStateException("Lease has already ended");
		}
		List<Predicate<Member<Q, R>>> preferences = new ArrayList<>();
		if (outcome != Outcome.BROKEN && this.events.hasTarget(others)) {
			if (mayUseOtherZone()) {
				preferences.add((other) -> others.test(other.target) && other.isRemote());
			}
			preferences.add((other) -> others.test(other.target) && other.hasYoungerConnection(this.member));
			preferences.add((other) -> others.test(other.target));
		}
		preferences.add((other) -> other != this.member);
		return new LeaseEvents.Conditions<>(wanted(outcome, others), preferences);
	}

	/** Return the condition that the next service must meet, if any. */
	private @Nullable Predicate<Member<Q, R>> wanted(Outcome outcome, Predicate<Target> others) {
		if (this.targetKept) {
			return (other) -> hasSameTarget(other) && hasNoOldConnection(other);
		}
		if (outcome != Outcome.BROKEN && this.events.hasTarget(others)) {
			long failedAt = this.events.time();
			return (other) -> others.test(other.target) || other.responsiveness.respondedAfter(failedAt);
		}
		return this.member.isReconnecting() ? this::hasNoOldConnection : null;
	}

	/**
	 * Return whether the next attempt can use another zone, because the own zone may have
	 * failed.
	 */
	private boolean mayUseOtherZone() {
		return !this.member.isRemote() && this.events.hasOtherZone();
	}

	private boolean hasSameTarget(Member<Q, R> other) {
		return other.target.equals(this.member.target);
	}

	/**
	 * Return whether the connection of a service is not about to end like the lost
	 * connection of the service of this lease.
	 */
	private boolean hasNoOldConnection(Member<Q, R> other) {
		return other == this.member || !this.member.isReconnecting() || other.hasYoungerConnection(this.member);
	}

	/**
	 * End the lease as {@link #awaitLeaseAfterRefusal} does, without waiting for another
	 * one.
	 */
	void endRefused() {
		if (!end(Ending.REFUSED)) {
			throw new IllegalStateException("Lease has already ended");
		}
	}

	@Override
	public void close() {
		end(Ending.UNKNOWN);
	}

	/**
	 * Return whether a second attempt that began later has responded earlier. The latency
	 * would have been at least the time that has passed.
	 */
	private boolean isOvertaken() {
		return this.repeated && this.kind != HEDGE;
	}

	/** The ways in which a lease ends without a service failure. */
	private enum Ending {

		SUCCEEDED, IGNORED, UNSENT, REFUSED, UNKNOWN

	}

	private boolean end(Ending ending) {
		int before = (int) STATE.getAndSet(this, ENDED);
		if (before == ENDED) {
			return false;
		}
		try {
			if (before == SENT) {
				switch (ending) {
					case SUCCEEDED -> responded();
					case IGNORED -> completeError(this.events.time(), false);
					case UNKNOWN -> complete(this.events.time(),
							isOvertaken() ? LoadTracker.Outcome.RESPONDED : LoadTracker.Outcome.UNKNOWN);
					case UNSENT, REFUSED -> complete(this.events.time(), LoadTracker.Outcome.UNKNOWN);
				}
			}
		}
		finally {
			count(ending);
			endRecord();
			if (ending == Ending.IGNORED && isResponse(ending) && this.member.limit.isCold()) {
				this.events.warmed(this.member, this.startedAt, true);
			}
			if (this.kind == PROBE) {
				this.events.probed(this.member, isResponse(ending));
			}
			endResponse(before);
			if (ending == Ending.REFUSED) {
				this.events.refused(this.member);
			}
			else {
				this.events.release(this.member);
			}
			this.events.ended(this.startedAt);
		}
		return true;
	}

	/**
	 * End the response, if it has begun, and release the permits that the request
	 * occupied in addition to its own.
	 */
	private void endResponse(int before) {
		if (before != SENT) {
			this.member.responsiveness.closed();
		}
		if (before >= PERMIT) {
			this.events.occupied(this.member, -(before / PERMIT));
		}
	}

	/**
	 * Count the outcome. Must precede the release of the permit, so that each ended
	 * request has an outcome.
	 */
	private void count(Ending ending) {
		if (this.repeated) {
			this.member.outcomes.countUnknown();
			return;
		}
		switch (ending) {
			case SUCCEEDED -> {
				// Derived from the number of released permits.
			}
			case IGNORED -> this.member.outcomes.countIgnored();
			case UNSENT, REFUSED -> this.member.outcomes.countUnsent();
			case UNKNOWN -> this.member.outcomes.countUnknown();
		}
	}

	private boolean isResponse(Ending ending) {
		return !this.paused && (ending == Ending.SUCCEEDED || ending == Ending.IGNORED);
	}

	private void endRecord() {
		if (this.record != null && this.member.leaseTracker.remove(this.record)) {
			this.events.suspectedLeaseEnded(this.member, this.record);
		}
	}

	/** Measure a successful response. */
	private void responded() {
		long now = this.events.time();
		boolean measured = this.member.responsiveness.responded(this.startedAt, now) && !this.paused;
		complete(now, measured ? LoadTracker.Outcome.RESPONDED : LoadTracker.Outcome.UNKNOWN);
		responseBegun(false);
	}

	/** Measure an error response. */
	private void respondedWithError() {
		long now = this.events.time();
		completeError(now, this.member.responsiveness.respondedWithError(this.startedAt, now));
		responseBegun(true);
	}

	/**
	 * Complete a request that ended with an error. If the error is early, the load metric
	 * measures the latency of a success instead.
	 * @param measured whether the latency of a late error shows how fast the service is
	 */
	private void completeError(long now, boolean measured) {
		long usual = this.events.early(this.member, this.startedAt, now);
		complete(now, (measured && usual == 0) ? LoadTracker.Outcome.RESPONDED : LoadTracker.Outcome.UNKNOWN);
		if (usual > 0) {
			this.member.loadTracker.started(now - usual);
			this.member.loadTracker.completed(now - usual, now, LoadTracker.Outcome.RESPONDED);
		}
	}

	private void complete(long now, LoadTracker.Outcome outcome) {
		this.member.loadTracker.completed(this.startedAt, now, outcome);
	}

	private void responseBegun(boolean error) {
		if (this.kind == HEDGE && !this.repeated) {
			this.events.hedgeWon();
		}
		if (this.member.limit.isCold()) {
			this.member.sharesConnection();
			this.events.warmed(this.member, this.startedAt, error);
		}
		this.events.responded();
	}

	@Override
	public String toString() {
		return "Lease of " + this.member + " in pool '" + this.events.pool() + "'";
	}

}
