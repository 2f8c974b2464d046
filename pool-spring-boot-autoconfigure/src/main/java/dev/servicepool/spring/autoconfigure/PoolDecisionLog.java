package dev.servicepool.spring.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs each decision of each pool at DEBUG, in one line. What is about single callers,
 * who come by the thousand, is in the exceptions that they get.
 */
final class PoolDecisionLog implements PoolListener {

	private static final Log logger = LogFactory.getLog(PoolDecisionLog.class);

	private static final Set<Type> ABOUT_CALLERS = EnumSet.of(Type.REJECTED, Type.TIMED_OUT);

	@Override
	public void onEvent(PoolEvent event) {
		if (logger.isDebugEnabled() && !ABOUT_CALLERS.contains(event.type())) {
			logger.debug(line(event));
		}
	}

	/** The reason may quote an exception, whose message may have several lines. */
	static String line(PoolEvent event) {
		String service = (event.service() != null) ? " service " + event.service() : "";
		return "Pool '" + event.pool() + "': " + event.type().code() + service + ", "
				+ event.message().strip().replaceAll("\\s*\\R\\s*", " ") + " (" + event.poolSize() + " services)";
	}

}
