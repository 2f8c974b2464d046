package dev.servicepool;

import java.util.ArrayList;
import java.util.List;

/**
 * Those live services that get no requests for a while, which are none as long as all is
 * well. Guarded by the pool's lock.
 */
final class SuspendedMembers<Q, R> {

	/** All that live, as the roster has them; read only. */
	private final List<Member<Q, R>> live;

	private final int maxConcurrency;

	private final List<Member<Q, R>> members = new ArrayList<>();

	private int ejected;

	/** Why a service was ejected last. */
	private String lastEjection = "";

	SuspendedMembers(List<Member<Q, R>> live, int maxConcurrency) {
		this.live = live;
		this.maxConcurrency = maxConcurrency;
	}

	/** A member has been set aside: its state says how. */
	void add(Member<Q, R> member) {
		this.members.add(member);
		if (isEjected(member)) {
			this.ejected++;
			this.lastEjection = member.suspension.ejection.reason();
		}
	}

	/** The member is about to have another state. */
	void remove(Member<Q, R> member) {
		if (this.members.remove(member) && isEjected(member)) {
			this.ejected--;
		}
	}

	private boolean isEjected(Member<Q, R> member) {
		return member.state == Member.State.EJECTED;
	}

	List<Member<Q, R>> members() {
		return this.members;
	}

	/** Return how many are ejected. */
	int ejected() {
		return this.ejected;
	}

	/** Return why a service was ejected last, in words. */
	String lastEjection() {
		return this.lastEjection;
	}

	/** Return how many may be ejected at once: at most half, so never the only one. */
	int mostEjected() {
		return this.live.size() / 2;
	}

	/** Return how many others there are. */
	int others() {
		return this.live.size() - this.members.size();
	}

	/**
	 * Whether so many requests would have a place if no service were set aside. If all
	 * are, nobody knows what they would take.
	 */
	boolean wouldFit(int requests) {
		if (this.members.isEmpty()) {
			return false;
		}
		if (others() == 0) {
			return true;
		}
		long permits = 0;
		for (Member<Q, R> member : this.members) {
			int limit = Math.min(member.limit.whenWarm(), mostInFlight());
			permits += Math.max(0, limit - member.permits.inFlight());
		}
		return requests <= permits;
	}

	/** A service without a limit would take about as many requests as another one. */
	private int mostInFlight() {
		if (this.maxConcurrency != PoolBuilder.UNLIMITED) {
			return this.maxConcurrency;
		}
		return this.live.stream().mapToInt((member) -> member.permits.inFlight()).max().orElse(0);
	}

}
