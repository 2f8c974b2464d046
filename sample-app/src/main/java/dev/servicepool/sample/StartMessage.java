package dev.servicepool.sample;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Logs the addresses of the sample when it accepts requests.
 */
@Component
class StartMessage {

	private static final Log logger = LogFactory.getLog(StartMessage.class);

	private final Environment environment;

	StartMessage(Environment environment) {
		this.environment = environment;
	}

	@EventListener(ApplicationReadyEvent.class)
	void log() {
		String address = "http://localhost:" + this.environment.getRequiredProperty("local.server.port");
		logger.info("The sample is ready: see " + address + "/ for the live page, and " + address
				+ "/actuator/pool for the state of the pools");
	}

}
