package dev.servicepool.sample.upstream;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

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
 * Starts two servers of quotes before the application and ends them afterwards, and tells
 * {@code application.yml} their addresses. (Servers that others run need nothing of the
 * kind.) The second has a {@link SlowSwitch}, which becomes a bean.
 */
final class UpstreamInitializer implements ApplicationContextInitializer<GenericApplicationContext> {

	/** The names of the properties that hold the addresses. */
	static final String FIRST = "sample.upstream.first";

	static final String SECOND = "sample.upstream.second";

	private static final String BUNDLE = "spring.ssl.bundle.pem.upstream";

	private static final Log logger = LogFactory.getLog(UpstreamInitializer.class);

	@Override
	public void initialize(GenericApplicationContext context) {
		// Processing ahead of time needs no servers, only the properties.
		Map<String, Object> addresses = Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)
				? Map.of(FIRST, "https://127.0.0.1:1", SECOND, "https://127.0.0.1:2") : start(context);
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("upstream", addresses));
	}

	private static Map<String, Object> start(GenericApplicationContext context) {
		SslBundle identity = identity(context.getEnvironment());
		SlowSwitch slow = new SlowSwitch();
		context.getBeanFactory().registerSingleton("slowSwitch", slow);
		return Map.of(FIRST, start("first", context, identity, () -> SlowSwitch.QUICK), SECOND,
				start("second", context, identity, slow::serviceTime));
	}

	/** Start a server, have it closed after all beans, and return its address. */
	private static String start(String name, GenericApplicationContext context, SslBundle identity,
			Supplier<Duration> serviceTime) {
		Upstream upstream = new Upstream(identity, serviceTime);
		context.getDefaultListableBeanFactory().registerDisposableBean(name + "Upstream", upstream::close);
		logger.info("The " + name + " upstream serves quotes at " + upstream.address());
		return upstream.address();
	}

	private static SslBundle identity(ConfigurableEnvironment environment) {
		return PropertiesSslBundle.get(Binder.get(environment).bind(BUNDLE, PemSslBundleProperties.class).get());
	}

}
