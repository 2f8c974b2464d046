package dev.servicepool.spring.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs each decision of each pool on one line: troubles at WARN, their end and operations
 * at INFO, and all other decisions at DEBUG. Events about single callers are not logged,
 * because they are frequent and each caller receives an exception.
 */
final class PoolDecisionLog implements PoolListener {

	private static final Log logger = LogFactory.getLog(PoolDecisionLog.class);

	private static final Set<Type> ABOUT_CALLERS = EnumSet.of(Type.REJECTED, Type.TIMED_OUT);

	@Override
	public void onEvent(PoolEvent event) {
		switch (event.type()) {
			case EJECTED, OUTAGE, RETRIES_EXHAUSTED -> logger.warn(line(event));
			case READMITTED, RECOVERED, RETRIES_AVAILABLE, BOUNDS_CHANGED, TARGET_DRAINED, TARGET_UNDRAINED,
					REPLACEMENT_BEGUN, RESET ->
				logger.info(line(event));
			default -> {
				if (logger.isDebugEnabled() && !ABOUT_CALLERS.contains(event.type())) {
					logger.debug(line(event));
				}
			}
		}
	}

	/**
	 * Return the line for an event. The message may quote an exception message of several
	 * lines.
	 */
	static String line(PoolEvent event) {
		String service = (event.service() != null) ? " service " + event.service() : "";
		return "Pool '" + event.pool() + "': " + event.type().code() + service + ": "
				+ event.message().strip().replaceAll("\\s*\\R\\s*", " ") + " (" + event.poolSize()
				+ ((event.poolSize() == 1) ? " service)" : " services)");
	}

}
