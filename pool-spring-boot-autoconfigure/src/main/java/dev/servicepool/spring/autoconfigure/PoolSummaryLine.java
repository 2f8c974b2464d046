package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.servicepool.PoolSettings;
import dev.servicepool.Target;

/**
 * Log line about a pool at startup, with its targets and its most important settings.
 */
final class PoolSummaryLine {

	private static final int TARGETS_SHOWN = 5;

	private PoolSummaryLine() {
	}

	/**
	 * Return the summary of a pool.
	 * @param pool the name of the pool
	 * @param targets the targets
	 * @param settings the settings in force, which depend on the targets
	 */
	static String of(String pool, List<Target> targets, PoolSettings settings) {
		return "Pool '" + pool + "': created" + forTargets(targets) + ": " + settings.minServices()
				+ limit(settings.maxServices(), " to ", " or more") + " services, each with"
				+ limit(settings.maxConcurrency(), " up to ", " unlimited") + " concurrent requests; at most "
				+ settings.maxWaiting() + " callers can wait, each for up to " + format(settings.acquireTimeout())
				+ "; headroom window " + format(settings.headroomWindow()) + ", idle timeout "
				+ format(settings.idleTimeout()) + ", load metric " + settings.loadMetric();
	}

	private static String forTargets(List<Target> targets) {
		if (targets.isEmpty()) {
			return "";
		}
		return targets.contains(MissingTargets.TARGET) ? " without targets" : " for " + names(targets);
	}

	private static String names(List<Target> targets) {
		int more = targets.size() - TARGETS_SHOWN;
		return targets.stream().limit(TARGETS_SHOWN).map(Target::name).collect(Collectors.joining(", "))
				+ ((more > 0) ? " and " + more + " more" : "");
	}

	private static String limit(int limit, String before, String unlimited) {
		return (limit != PoolSettings.UNLIMITED) ? before + limit : unlimited;
	}

	/** Format a duration, for example as "30s" or "1m30s". */
	static String format(Duration duration) {
		return duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
