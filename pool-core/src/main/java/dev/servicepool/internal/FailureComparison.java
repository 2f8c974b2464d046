package dev.servicepool.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

import dev.servicepool.PoolSettings;
import dev.servicepool.Target;
import dev.servicepool.internal.outlier.FailureCounter;
import dev.servicepool.internal.util.Nanos;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of a failing service with the services of other targets, in the same time. A
 * request that fails everywhere shows nothing about a single server. If the pool has only
 * one target, the service is compared with the other services. Guarded by the lock.
 */
final class FailureComparison<Q, R> {

	/** The minimum difference between the failure rates of an outlier and of others. */
	private static final double MIN_DIFFERENCE = 0.3;

	/** The failure rate of another service that shows that some requests fail there. */
	private static final double SOME_FAILURES = 0.05;

	/**
	 * The share of failures among the last requests to others, from which on requests
	 * seem to fail everywhere.
	 */
	private static final double MOST_FAILURES = 0.5;

	/** The minimum number of targets for a comparison of success rates, as in xDS. */
	private static final int MIN_TARGETS = 5;

	/** The minimum number of requests to each of these targets, as in xDS. */
	private static final int MIN_REQUESTS = 100;

	/**
	 * The number of standard deviations by which the success rate of an outlier is below
	 * the mean, as in xDS.
	 */
	private static final double DEVIATIONS = 1.9;

	private final MemberRegistry<Q, R> registry;

	/** Half of the interval, in nanoseconds. */
	private final long half;

	/** Whether a service has failed. */
	private boolean begun;

	/** The time at which the current half of the interval began. */
	private long halfSince;

	/** The last failure. */
	private @Nullable LastFailure last;

	/** The last failure of a service that is compared with the one of {@link #last}. */
	private @Nullable LastFailure lastOther;

	FailureComparison(PoolSettings settings, MemberRegistry<Q, R> registry) {
		this.registry = registry;
		this.half = Math.max(1, Nanos.of(settings.outlierDetection().interval()) / 2);
	}

	/** Count a failure of a service. */
	void failed(Member<Q, R> member, long now) {
		long elapsed = now - this.halfSince;
		if (!this.begun || elapsed >= this.half) {
			boolean over = !this.begun || elapsed >= 2 * this.half;
			for (Member<Q, R> each : this.registry.live()) {
				each.suspension.calls.beginHalf(each.outcomes.successes());
				if (over) {
					each.suspension.calls.beginHalf(each.outcomes.successes());
				}
			}
			this.begun = true;
			this.halfSince = now;
		}
		member.suspension.calls.failed();
		if (this.last != null && isOther(this.last.target(), this.last.service(), member)) {
			this.lastOther = this.last;
		}
		this.last = new LastFailure(member.target, member.id, this.registry.successes());
	}

	/** Forget all failures. */
	void reset() {
		this.begun = false;
		this.last = null;
		this.lastOther = null;
	}

	/**
	 * Last failure of a service. It does not refer to the service, which may be closed
	 * before the next failure.
	 *
	 * @param target the target of the service
	 * @param service the ID of the service
	 * @param successes the number of successes of all services before the failure
	 */
	private record LastFailure(Target target, long service, long successes) {
	}

	/**
	 * Return the share of failures among the last requests to others: the last failure of
	 * another service, and the successes since then.
	 */
	double failuresOfOthers() {
		return (this.last != null && this.lastOther != null)
				? 1.0 / (1 + Math.max(0, this.last.successes() - this.lastOther.successes())) : 0;
	}

	private boolean isOther(Target target, long service, Member<Q, R> member) {
		return (this.registry.targets().size() > 1) ? !target.equals(member.target) : service != member.id;
	}

	/**
	 * Failures of the others.
	 *
	 * @param rate their mean failure rate in the interval; {@code NaN} if they had no
	 * requests
	 * @param working whether requests fail only at few of them
	 */
	private record Others(double rate, boolean working) {
	}

	private Others others(Member<Q, R> member) {
		return others((each) -> isOther(each.target, each.id, member));
	}

	private Others others(Predicate<Member<Q, R>> other) {
		double rates = 0;
		int known = 0;
		int failing = 0;
		for (Member<Q, R> each : this.registry.live()) {
			Calls calls = calls(each);
			if (calls.requests() > 0 && other.test(each)) {
				double rate = 1 - calls.successRate();
				rates += rate;
				known++;
				failing += (rate >= SOME_FAILURES) ? 1 : 0;
			}
		}
		return new Others((known > 0) ? rates / known : Double.NaN, known > 0 && 2 * failing <= known);
	}

	/**
	 * Return whether a number of consecutive failures shows that a service fails more
	 * than the others. If requests fail at most of the others too, or if they had no
	 * requests, twice the number is necessary, because a smaller one may be a
	 * coincidence.
	 */
	boolean failsInRun(Member<Q, R> member, FailureCounter counter, int threshold) {
		if (threshold == 0 || counter.consecutive() < threshold) {
			return false;
		}
		return failsAlone(member, counter) && (counter.consecutive() >= 2L * threshold || comparable(member).working());
	}

	/** Return whether the others responded between consecutive failures of a service. */
	boolean failsAlone(Member<Q, R> member, FailureCounter counter) {
		return !(1 - comparable(member).rate() < MIN_DIFFERENCE)
				&& (isZoneInDoubt(member) || counter.failuresOfOthers() < MOST_FAILURES);
	}

	/**
	 * Return whether all services of the preferred targets may fail together, while other
	 * targets can be used instead.
	 */
	boolean isZoneInDoubt(Member<Q, R> member) {
		return member.tier() == 0 && !others(member).working() && this.registry.hasReserve();
	}

	/**
	 * Return the failures of the others or, if the preferred targets may fail together,
	 * those of the other targets.
	 */
	private Others comparable(Member<Q, R> member) {
		return isZoneInDoubt(member) ? others((each) -> each.tier() > 0) : others(member);
	}

	/** Return whether the failure rate of a service is higher than that of the others. */
	boolean failsMore(Member<Q, R> member) {
		return !(1 - calls(member).successRate() - others(member).rate() < MIN_DIFFERENCE);
	}

	/**
	 * Describe the success rate of the target of a failing service if it is too far below
	 * the mean of all targets.
	 * @return the description, or {@code null} if the success rate is usual
	 */
	@Nullable String lowSuccessRate(Member<Q, R> member) {
		if (1 - calls(member).successRate() < MIN_DIFFERENCE || !failsMore(member)) {
			return null;
		}
		Map<Target, Calls> targets = new HashMap<>();
		this.registry.live().forEach((each) -> targets.merge(each.target, calls(each), Calls::plus));
		targets.values().removeIf((calls) -> calls.requests() < MIN_REQUESTS);
		Calls own = targets.get(member.target);
		if (own == null || targets.size() < MIN_TARGETS) {
			return null;
		}
		double lowest = lowest(targets.values());
		return (own.successRate() < lowest) ? "success rate of " + percent(own.successRate()) + " is below "
				+ percent(lowest) + ", which is usual for " + targets.size() + " targets" : null;
	}

	private static String percent(double rate) {
		return Math.round(100 * rate) + " %";
	}

	private Calls calls(Member<Q, R> member) {
		long failures = member.suspension.calls.failures();
		return new Calls(failures, member.suspension.calls.successes(member.outcomes.successes()));
	}

	private static double lowest(Collection<Calls> targets) {
		double mean = targets.stream().mapToDouble(Calls::successRate).average().orElse(0);
		double variance = targets.stream()
			.mapToDouble((calls) -> (calls.successRate() - mean) * (calls.successRate() - mean))
			.average()
			.orElse(0);
		return mean - DEVIATIONS * Math.sqrt(variance);
	}

	/**
	 * Calls of one target in the interval.
	 *
	 * @param failures the number of service failures
	 * @param successes the number of other calls
	 */
	private record Calls(long failures, long successes) {

		Calls plus(Calls other) {
			return new Calls(this.failures + other.failures, this.successes + other.successes);
		}

		long requests() {
			return this.failures + this.successes;
		}

		double successRate() {
			return (double) this.successes / requests();
		}

	}

}
