package dev.servicepool.spring.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Identity of this instance of the application: the name of its host and the port of its
 * web server. It remains after a restart, and differs between instances on one host that
 * have different ports.
 */
final class InstanceIdentity {

	/** Environment variable that contains the name of a container or a Linux host. */
	private static final String HOST_VARIABLE = "HOSTNAME";

	private static final String PORT = "server.port";

	private static final String RANDOM_PORT = "0";

	private static final Log logger = LogFactory.getLog(InstanceIdentity.class);

	private InstanceIdentity() {
	}

	/**
	 * Return the identity.
	 * @param pool the name of the pool, for messages
	 * @param environment contains the name of the host and the port
	 * @return the identity, or {@code null} if instances on this host cannot be
	 * distinguished because their ports are random, or if the name of the host is unknown
	 */
	static @Nullable String of(String pool, Environment environment) {
		String port = environment.getProperty(PORT, "");
		String host = environment.getProperty(HOST_VARIABLE);
		String known = (host != null) ? host : localHost(pool);
		return (known == null || port.equals(RANDOM_PORT)) ? null : known + ":" + port;
	}

	private static @Nullable String localHost(String pool) {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			logger.debug("Pool '" + pool
					+ "': the name of this host is unknown, so that the subset of the targets is random.", ex);
			return null;
		}
	}

}
