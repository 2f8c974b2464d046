package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import dev.servicepool.PoolBuilder;
import dev.servicepool.Target;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.HttpFailures;
import dev.servicepool.spring.http.Origin;
import dev.servicepool.spring.http.client.ServerNames;
import dev.servicepool.spring.options.PoolOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.StringUtils;

/**
 * Kind of the pools whose declared types are {@link HttpCall} and
 * {@link ClientHttpResponse}.
 */
final class HttpPoolKind implements PoolKind {

	/** The number of services by which replacements may exceed the maximum. */
	private static final int MAX_SURGE = 2;

	/** The Java version whose client closes connections that are idle for 30 s. */
	private static final int CLOSES_IDLE_CONNECTIONS = 21;

	private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(30);

	/** Unless there are more targets, each of which can have a service. */
	static final int DEFAULT_MAX_SERVICES = 16;

	static final int DEFAULT_MAX_CONCURRENCY = 20;

	/** Tomcat's idle timeout for HTTP/2. */
	static final Duration DEFAULT_COLD_AFTER = Duration.ofSeconds(20);

	/**
	 * System properties of the JDK's client: the number of seconds after which it closes
	 * an idle connection. The first one that is set applies to HTTP/2.
	 */
	private static final List<String> KEEP_ALIVE_PROPERTIES = List.of("jdk.httpclient.keepalive.timeout.h2",
			"jdk.httpclient.keepalive.timeout");

	private final ServerNames names;

	/** Create the kind of pools whose clients only know their targets. */
	HttpPoolKind() {
		this(ServerNames.NONE);
	}

	HttpPoolKind(ServerNames names) {
		this.names = names;
	}

	@Override
	public boolean includes(ResolvableType factory) {
		return isHttp(factory);
	}

	/**
	 * Return whether a pool or factory accepts HTTP requests.
	 * @param type the declared type, with the types of requests and responses
	 */
	static boolean isHttp(ResolvableType type) {
		return type.getGeneric(0).resolve() == HttpCall.class
				&& type.getGeneric(1).resolve() == ClientHttpResponse.class;
	}

	/**
	 * Check that a pool accepts HTTP requests.
	 * @param pool the name of the pool
	 * @param type the declared type of the pool
	 * @throws PoolConfigurationException if it does not
	 */
	static void requireHttp(String pool, ResolvableType type) {
		if (!isHttp(type)) {
			throw PoolConfigurationException.notHttp(pool, type.getGeneric(0).resolve());
		}
	}

	/**
	 * Return the pool of a bean whose declared type accepts HTTP requests.
	 */
	@SuppressWarnings("unchecked")
	static Pool<HttpCall, ClientHttpResponse> pool(PoolRegistry registry, String bean) {
		return (Pool<HttpCall, ClientHttpResponse>) registry.pool(bean);
	}

	/**
	 * Return whether a text starts like the target of an HTTP pool, even if it is not
	 * valid.
	 */
	static boolean looksLikeTarget(String text) {
		return StringUtils.startsWithIgnoreCase(text, "http:") || StringUtils.startsWithIgnoreCase(text, "https:");
	}

	@Override
	public Target target(String text) {
		URI uri = HttpAddress.read(text);
		String problem = this.names.problem(uri);
		if (problem != null) {
			throw new IllegalArgumentException(problem);
		}
		return Target.of(uri);
	}

	@Override
	public @Nullable String problemOfAddresses(Target target) {
		return (target.uri() != null) ? this.names.problemOfAddresses(target.uri())
				: PoolKind.super.problemOfAddresses(target);
	}

	/**
	 * Return the origin of the target, because different spellings of an origin are one
	 * target.
	 */
	@Override
	public Object identity(Target target) {
		URI uri = target.uri();
		return (uri != null) ? Origin.of(uri).normalized() : target.name();
	}

	@Override
	public boolean needsTargets() {
		return true;
	}

	@Override
	public PoolOptions defaults() {
		PoolOptions defaults = new PoolOptions();
		defaults.setMaxConcurrency(DEFAULT_MAX_CONCURRENCY);
		defaults.setColdAfter(coldAfter());
		defaults.setTrackLeases(true);
		return defaults;
	}

	/**
	 * Return the time after which an idle connection may be closed: by a server, or
	 * earlier by the JDK's client if its system properties say so.
	 */
	private static Duration coldAfter() {
		for (String property : KEEP_ALIVE_PROPERTIES) {
			Integer seconds = Integer.getInteger(property);
			if (seconds != null) {
				boolean earlier = seconds > 0 && seconds < DEFAULT_COLD_AFTER.toSeconds();
				return earlier ? Duration.ofSeconds(seconds) : DEFAULT_COLD_AFTER;
			}
		}
		return DEFAULT_COLD_AFTER;
	}

	@Override
	public void prepare(PoolBuilder builder) {
		builder.failureClassifier(HttpFailures.INSTANCE).maxSurge(MAX_SURGE).defaultMaxServices(DEFAULT_MAX_SERVICES);
		if (Runtime.version().feature() < CLOSES_IDLE_CONNECTIONS) {
			builder.maxIdleTime(MAX_IDLE_TIME);
		}
	}

	@Override
	public void checkRequestOptions(PoolConfiguration configuration) {
		RequestPolicies.of(configuration);
	}

	@Override
	public Predicate<Throwable> failureWhen(PoolConfiguration configuration) {
		return FailureStatuses.of(configuration);
	}

}
