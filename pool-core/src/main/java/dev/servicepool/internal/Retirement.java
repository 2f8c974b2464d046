package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.internal.util.PoolLogger;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;

/**
 * Retires services: they accept no more requests, wait for those in flight, and close.
 * They occupy a slot until they are closed. Guarded by the lock.
 */
final class Retirement<Q, R> {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final long closeTimeout;

	/** How long a draining service occupies a slot; unlimited without a surge. */
	private final long drainTimeout;

	/** The times at which draining services occupy no slot any more, in that order. */
	private final Map<Member<Q, R>, Long> drainDeadlines = new LinkedHashMap<>();

	/** The draining services that occupy no slot any more, oldest first. */
	private final Set<Member<Q, R>> lingering = new LinkedHashSet<>();

	/** The times at which closes are overdue, in that order. */
	private final Map<Member<Q, R>, Long> closeDeadlines = new LinkedHashMap<>();

	Retirement(String pool, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder, PoolSettings settings) {
		this.pool = pool;
		this.registry = registry;
		this.recorder = recorder;
		this.closeTimeout = Nanos.of(settings.closeTimeout());
		this.drainTimeout = (settings.maxSurge() > 0) ? Nanos.of(settings.drainTimeout()) : Long.MAX_VALUE;
	}

	void retire(Member<Q, R> member, Reason reason, String message, long now) {
		this.registry.retire(member);
		this.recorder.event(reason, message, member);
		drain(member, now);
	}

	void retireAll(Reason reason, String message, long now) {
		for (Member<Q, R> member : List.copyOf(this.registry.live())) {
			retire(member, reason, message, now);
		}
	}

	void evict(Member<Q, R> member, String message, long now) {
		this.registry.evict(member);
		this.recorder.event(Reason.FAILED, message, member);
		drain(member, now);
	}

	private void drain(Member<Q, R> member, long now) {
		if (this.drainTimeout != Long.MAX_VALUE) {
			this.drainDeadlines.put(member, now + this.drainTimeout);
		}
		closeIfIdle(member, now);
	}

	/**
	 * Free the slots of services that drain for too long. If there are too many of them,
	 * close the oldest one.
	 */
	void abandonOverdueDrains(long now) {
		while (nanosToDrainDeadline(now) <= 0) {
			Member<Q, R> member = this.drainDeadlines.keySet().iterator().next();
			this.drainDeadlines.remove(member);
			this.lingering.add(member);
			int most = this.registry.maxServices();
			if (this.lingering.size() > most) {
				Member<Q, R> oldest = this.lingering.iterator().next();
				String message = "closing with " + Figures.count(oldest.permits.inFlight(), "request")
						+ " in flight, because more than " + Figures.count(most, "service")
						+ " have been draining for longer than drainTimeout";
				this.recorder.event(Type.DRAINED, message, oldest);
				this.recorder.effect(new Effect.Report<>(
						() -> logger.log(Level.WARNING, "Pool '" + this.pool + "': " + oldest + ": " + message)));
				close(oldest, now);
			}
		}
		this.registry.lingering(this.lingering.size());
	}

	private long nanosToDrainDeadline(long now) {
		for (long deadline : this.drainDeadlines.values()) {
			return deadline - now;
		}
		return Long.MAX_VALUE;
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
		this.drainDeadlines.remove(member);
		this.lingering.remove(member);
		this.registry.lingering(this.lingering.size());
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
		while (nanosToCloseDeadline(now) <= 0) {
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

	/** Return the time until the next close or drain is overdue, in nanoseconds. */
	long nanosToDeadline(long now) {
		return Math.min(nanosToCloseDeadline(now), nanosToDrainDeadline(now));
	}

	private long nanosToCloseDeadline(long now) {
		for (long deadline : this.closeDeadlines.values()) {
			return deadline - now;
		}
		return Long.MAX_VALUE;
	}

}
