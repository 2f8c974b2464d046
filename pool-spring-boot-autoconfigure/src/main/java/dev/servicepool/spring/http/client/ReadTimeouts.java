package dev.servicepool.spring.http.client;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Replaces the read timeout of a request factory, so that its client sends each request
 * with the timeout of that request.
 */
final class ReadTimeouts {

	/** Request factories whose fields and constructors are known. */
	private static final Set<Class<?>> REPLACEABLE = Set.of(JdkClientHttpRequestFactory.class,
			JettyClientHttpRequestFactory.class, HttpComponentsClientHttpRequestFactory.class,
			ReactorClientHttpRequestFactory.class);

	private ReadTimeouts() {
	}

	/**
	 * Return a request factory that uses the same client with another read timeout.
	 * @param requestFactory the request factory of the client
	 * @param timeout the read timeout
	 * @return the new request factory, or the same one if its timeout cannot be replaced
	 */
	static ClientHttpRequestFactory replace(ClientHttpRequestFactory requestFactory, Duration timeout) {
		if (!REPLACEABLE.contains(requestFactory.getClass())) {
			return requestFactory;
		}
		ClientHttpRequestFactory copy = copy(requestFactory);
		Method setter = ReflectionUtils.findMethod(copy.getClass(), "setReadTimeout", Duration.class);
		ReflectionUtils.invokeMethod(Objects.requireNonNull(setter, "setReadTimeout"), copy, timeout);
		return copy;
	}

	/** Return a request factory with the same client and the same settings. */
	private static ClientHttpRequestFactory copy(ClientHttpRequestFactory requestFactory) {
		Object client = Objects.requireNonNull(Undocumented.client(requestFactory), "httpClient");
		ClientHttpRequestFactory copy = (client instanceof HttpClient jdk)
				? new JdkClientHttpRequestFactory(jdk,
						Objects.requireNonNull(Undocumented.executor(requestFactory), "executor"))
				: instantiate(requestFactory.getClass(), client);
		ReflectionUtils.shallowCopyFieldState(requestFactory, copy);
		return copy;
	}

	private static ClientHttpRequestFactory instantiate(Class<? extends ClientHttpRequestFactory> type, Object client) {
		Constructor<?> constructor = Stream.of(type.getConstructors())
			.filter((candidate) -> candidate.getParameterCount() == 1
					&& candidate.getParameterTypes()[0].isInstance(client))
			.findFirst()
			.orElseThrow();
		try {
			return (ClientHttpRequestFactory) constructor.newInstance(client);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Cannot create a " + type.getSimpleName(), ex);
		}
	}

}
