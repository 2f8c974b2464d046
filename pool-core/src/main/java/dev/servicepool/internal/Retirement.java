package dev.servicepool.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;

/**
 * Retires services: they accept no more requests, wait for those in flight, and close.
 * They occupy a slot until they are closed. Guarded by the lock.
 */
final class Retirement<Q, R> {

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final long closeTimeout;

	/** The times at which closes are overdue, in that order. */
	private final Map<Member<Q, R>, Long> closeDeadlines = new LinkedHashMap<>();

	Retirement(MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder, PoolSettings settings) {
		this.registry = registry;
		this.recorder = recorder;
		this.closeTimeout = Nanos.of(settings.closeTimeout());
	}

	void retire(Member<Q, R> member, Reason reason, String message, long now) {
		this.registry.retire(member);
		this.recorder.event(reason, message, member);
		closeIfIdle(member, now);
	}

	void retireAll(Reason reason, String message, long now) {
		for (Member<Q, R> member : List.copyOf(this.registry.live())) {
			retire(member, reason, message, now);
		}
	}

	void evict(Member<Q, R> member, String message, long now) {
		this.registry.evict(member);
		this.recorder.event(Reason.FAILED, message, member);
		closeIfIdle(member, now);
	}

	/** Close a draining service if no request is in flight. */
	void closeIfIdle(Member<Q, R> member, long now) {
		if (member.isDraining() && member.permits.inFlight() == 0) {
			close(member, now);
		}
	}

	/** Close the draining services without waiting for their requests. */
	void closeDraining(long now) {
		for (Member<Q, R> member : List.copyOf(this.registry.retired())) {
			if (member.isDraining()) {
				close(member, now);
			}
		}
	}

	private void close(Member<Q, R> member, long now) {
		member.beginClose();
		this.closeDeadlines.put(member, now + this.closeTimeout);
		this.recorder.effect(new Effect.Close<>(member));
	}

	/** Handle the close of a service. */
	void closed(Member<Q, R> member) {
		int cut = member.permits.inFlight();
		closed(member,
				(cut > 0) ? "closed with " + Figures.count(cut, "request") + " in flight" : "no requests in flight");
	}

	/** Free the slots of services whose close does not return in time. */
	void abandonOverdueCloses(long now) {
		while (nanosToDeadline(now) <= 0) {
			closed(this.closeDeadlines.keySet().iterator().next(), "close did not return within "
					+ Figures.of(Duration.ofNanos(this.closeTimeout)) + " (closeTimeout)");
		}
	}

	private void closed(Member<Q, R> member, String message) {
		this.closeDeadlines.remove(member);
		if (this.registry.closed(member)) {
			this.recorder.event(Type.DRAINED, message, member);
		}
	}

	/** Return the time until the next close is overdue, in nanoseconds. */
	long nanosToDeadline(long now) {
		for (long deadline : this.closeDeadlines.values()) {
			return deadline - now;
		}
		return Long.MAX_VALUE;
	}

}
