package dev.servicepool.internal;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.PoolSettings;

/**
 * Live services that are ejected or paused. The set is normally empty. Guarded by the
 * lock.
 */
final class SuspendedMembers<Q, R> {

	/** All live services, owned by the {@link MemberRegistry}; read only. */
	private final List<Member<Q, R>> live;

	private final Bounds bounds;

	private final List<Member<Q, R>> members = new ArrayList<>();

	private int ejected;

	/** The reason for the last ejection. */
	private String lastEjection = "";

	SuspendedMembers(List<Member<Q, R>> live, Bounds bounds) {
		this.live = live;
		this.bounds = bounds;
	}

	/** Add a member that is suspended; its state distinguishes ejection and pause. */
	void add(Member<Q, R> member) {
		this.members.add(member);
		if (member.isEjected()) {
			this.ejected++;
			this.lastEjection = member.suspension.ejection.reason();
		}
	}

	/** Remove a member whose state is about to change. */
	void remove(Member<Q, R> member) {
		if (this.members.remove(member) && member.isEjected()) {
			this.ejected--;
		}
	}

	List<Member<Q, R>> members() {
		return this.members;
	}

	/** Return the number of ejected services. */
	int ejected() {
		return this.ejected;
	}

	/** Return the number of services that are paused and not ejected. */
	int paused() {
		return this.members.size() - this.ejected;
	}

	/** Return the reason for the last ejection. */
	String lastEjection() {
		return this.lastEjection;
	}

	/** Return the number of live services that are not suspended. */
	int notSuspended() {
		return this.live.size() - this.members.size();
	}

	/**
	 * Return whether the suspended services could serve a number of requests. If all
	 * services are suspended, their capacity is unknown, and the result is {@code true}.
	 */
	boolean wouldFit(int requests) {
		if (this.members.isEmpty()) {
			return false;
		}
		if (notSuspended() == 0) {
			return true;
		}
		long permits = 0;
		for (Member<Q, R> member : this.members) {
			int limit = Math.min(member.limit.whenWarm(), mostInFlight());
			permits += Math.max(0, limit - member.permits.inFlight());
		}
		return requests <= permits;
	}

	/**
	 * Return the assumed limit of a service. A service without a limit is assumed to
	 * serve as many requests as the busiest one.
	 */
	private int mostInFlight() {
		int maxConcurrency = this.bounds.maxConcurrency();
		if (maxConcurrency != PoolSettings.UNLIMITED) {
			return maxConcurrency;
		}
		return this.live.stream().mapToInt((member) -> member.permits.inFlight()).max().orElse(0);
	}

}
