package dev.servicepool.spring.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.What;
import dev.servicepool.PoolListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs each decision of each pool at DEBUG, in one line. What is about single callers,
 * who come by the thousand, is in the exceptions that they get.
 */
final class PoolDecisionLog implements PoolListener {

	private static final Log logger = LogFactory.getLog(PoolDecisionLog.class);

	private static final Set<What> ABOUT_CALLERS = EnumSet.of(What.REJECTED, What.TIMED_OUT);

	@Override
	public void onEvent(PoolEvent event) {
		if (logger.isDebugEnabled() && !ABOUT_CALLERS.contains(event.what())) {
			logger.debug(line(event));
		}
	}

	/** The reason may quote an exception, whose message may have several lines. */
	static String line(PoolEvent event) {
		String service = (event.service() != null) ? " service " + event.service() : "";
		return "Pool '" + event.pool() + "': " + event.what().words() + service + ", "
				+ event.why().strip().replaceAll("\\s*\\R\\s*", " ") + " (" + event.services() + " services)";
	}

}
