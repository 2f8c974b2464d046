package dev.servicepool.sample.upstream;

import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts the upstream before the application and ends it afterwards, and tells
 * {@code application.yml} its port. (A server that others run needs nothing of the kind.)
 */
final class UpstreamInitializer implements ApplicationContextInitializer<GenericApplicationContext> {

	/** The name of the property that holds the port. */
	static final String PORT = "sample.upstream.port";

	private static final String BUNDLE = "spring.ssl.bundle.pem.upstream";

	private static final Log logger = LogFactory.getLog(UpstreamInitializer.class);

	@Override
	public void initialize(GenericApplicationContext context) {
		// Processing ahead of time needs no server, only the property.
		int port = Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING) ? 0 : start(context);
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("upstream", Map.of(PORT, port)));
	}

	/** Start the server, and have it closed after all beans. */
	private static int start(GenericApplicationContext context) {
		Upstream upstream = new Upstream(identity(context.getEnvironment()));
		context.getDefaultListableBeanFactory().registerDisposableBean("upstream", upstream::close);
		logger.info("Upstream serves quotes at https://127.0.0.1:" + upstream.port());
		return upstream.port();
	}

	private static SslBundle identity(ConfigurableEnvironment environment) {
		return PropertiesSslBundle.get(Binder.get(environment).bind(BUNDLE, PemSslBundleProperties.class).get());
	}

}
