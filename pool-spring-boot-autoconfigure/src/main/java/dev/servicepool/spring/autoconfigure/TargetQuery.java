package dev.servicepool.spring.autoconfigure;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.servicepool.Target;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Queries the source of the targets of one pool. URIs that cannot be targets are skipped,
 * so that the pool can use the others. Never used concurrently, except that any thread
 * may read the last failure.
 */
final class TargetQuery implements Callable<List<Target>> {

	private static final Log logger = LogFactory.getLog(TargetQuery.class);

	private final TargetLookup lookup;

	private final String name;

	private final String pool;

	private final PoolKind kind;

	private final boolean skipLocal;

	/** The last targets by their identity, so that a target keeps its spelling. */
	private Map<Object, Target> targets = Map.of();

	/** The skipped URIs of the last query. Each was logged when it appeared. */
	private Set<String> skipped = Set.of();

	/** The failure of the last query. */
	private volatile @Nullable Exception failure;

	/**
	 * Create a query.
	 * @param lookup looks up the targets
	 * @param name the name of the source, for messages
	 * @param pool the name of the pool
	 * @param kind the kind of the pool
	 * @param skipLocal whether local addresses cannot be targets
	 */
	TargetQuery(TargetLookup lookup, String name, String pool, PoolKind kind, boolean skipLocal) {
		this.lookup = lookup;
		this.name = name;
		this.pool = pool;
		this.kind = kind;
		this.skipLocal = skipLocal;
	}

	/** Return the name of the source. */
	String name() {
		return this.name;
	}

	/** Return the failure of the last query, or {@code null} if it did not fail. */
	@Nullable Exception failure() {
		return this.failure;
	}

	@Override
	public List<Target> call() throws Exception {
		try {
			List<Target> targets = usable(this.lookup.targets());
			this.failure = null;
			return targets;
		}
		catch (Exception ex) {
			this.failure = ex;
			throw ex;
		}
	}

	/**
	 * Return the targets.
	 * @throws IllegalStateException if there are only URIs that cannot be targets
	 */
	private List<Target> usable(List<FoundTarget> found) {
		Map<Object, Target> targets = new LinkedHashMap<>();
		Set<String> skipped = new HashSet<>();
		for (FoundTarget each : found) {
			try {
				Target target = target(each.text());
				Object identity = this.kind.identity(target);
				targets.putIfAbsent(identity, this.targets.getOrDefault(identity, target).inZone(each.zone()));
			}
			catch (IllegalArgumentException ex) {
				skip(MaskedText.of(each.text()), ex, skipped);
			}
		}
		this.skipped = skipped;
		if (targets.isEmpty() && !skipped.isEmpty()) {
			throw new IllegalStateException("none of " + skipped + " can be a target");
		}
		this.targets = targets;
		return List.copyOf(targets.values());
	}

	private Target target(String text) {
		Target target = this.kind.target(text);
		String host = (this.skipLocal && target.uri() != null) ? target.uri().getHost() : null;
		if (host != null && LiteralAddress.isLocal(host)) {
			throw new IllegalArgumentException("it is a local address, and 'skip-local-targets' is set");
		}
		return target;
	}

	private void skip(String uri, IllegalArgumentException cause, Set<String> skipped) {
		if (skipped.add(uri) && !this.skipped.contains(uri)) {
			logger.warn("Pool '" + this.pool + "': skipped '" + uri + "' from " + this.name
					+ ", because it cannot be a target: " + cause.getMessage());
		}
	}

}
