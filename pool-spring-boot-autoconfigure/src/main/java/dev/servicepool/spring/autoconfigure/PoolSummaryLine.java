package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSettings;
import dev.servicepool.Target;

/**
 * What a pool is, in the line that the log has of it at start-up: its targets and the
 * settings that matter most.
 */
final class PoolSummaryLine {

	private static final int TARGETS_SHOWN = 5;

	private PoolSummaryLine() {
	}

	static String of(String pool, List<Target> targets, PoolSettings settings) {
		// Each target has a service, whatever the least number is.
		int least = Math.max(settings.minServices(), targets.size());
		return "Pool '" + pool + "'" + (targets.isEmpty() ? "" : " for " + names(targets)) + ": " + least
				+ limit(settings.maxServices(), " to ", " or more") + " services, each with"
				+ limit(settings.maxConcurrency(), " ", " any number of") + " requests at a time; at most "
				+ settings.maxWaiting() + " callers wait, for " + format(settings.acquireTimeout())
				+ "; headroom window " + format(settings.headroomWindow()) + ", idle timeout "
				+ format(settings.idleTimeout()) + ", load by " + settings.loadMetric();
	}

	private static String names(List<Target> targets) {
		int more = targets.size() - TARGETS_SHOWN;
		return targets.stream().limit(TARGETS_SHOWN).map(Target::name).collect(Collectors.joining(", "))
				+ ((more > 0) ? " and " + more + " more" : "");
	}

	private static String limit(int limit, String before, String unlimited) {
		return (limit != PoolBuilder.UNLIMITED) ? before + limit : unlimited;
	}

	/** Such as "30s" or "1m30s". */
	private static String format(Duration duration) {
		return duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
