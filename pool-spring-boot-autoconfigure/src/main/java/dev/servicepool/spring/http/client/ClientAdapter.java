package dev.servicepool.spring.http.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.ClassUtils;

/**
 * Adapter of an HTTP client library: everything that pools know about its clients. An
 * adapter gives each service connections of its own, closes them, and classifies the
 * failures that the library reports. To configure clients, it uses only the methods
 * {@code with…} of Boot's builder for that library.
 */
public abstract class ClientAdapter {

	/** Obstacle to names: the proxy would resolve them. */
	static final String THROUGH_PROXY = "the clients send these requests through a proxy, which resolves host names itself";

	/** Adapters of the libraries on the class path, the most general one last. */
	private static final List<ClientAdapter> adapters = adapters();

	/**
	 * Create the adapters. A reference to a constructor would load the classes of a
	 * library even if it is absent.
	 */
	private static List<ClientAdapter> adapters() {
		List<ClientAdapter> adapters = new ArrayList<>();
		addIfPresent("java.net.http.HttpClient", () -> new JdkAdapter(), adapters);
		addIfPresent("org.apache.hc.client5.http.impl.classic.HttpClients", () -> new HttpComponentsAdapter(),
				adapters);
		addIfPresent("org.eclipse.jetty.client.HttpClient", () -> new JettyAdapter(), adapters);
		addIfPresent("reactor.netty.http.client.HttpClient", () -> new ReactorAdapter(), adapters);
		adapters.add(new OtherAdapter());
		return List.copyOf(adapters);
	}

	private static void addIfPresent(String library, Supplier<ClientAdapter> adapter, List<ClientAdapter> adapters) {
		if (ClassUtils.isPresent(library, ClientAdapter.class.getClassLoader())) {
			adapters.add(adapter.get());
		}
	}

	/**
	 * Return the adapter of a builder.
	 * @param builder the builder
	 * @return the adapter of its library, or one for unknown libraries
	 */
	public static ClientAdapter of(ClientHttpRequestFactoryBuilder<?> builder) {
		return find((adapter) -> adapter.supports(builder));
	}

	static ClientAdapter of(ClientHttpRequestFactory requestFactory) {
		return find((adapter) -> adapter.supports(requestFactory));
	}

	private static ClientAdapter find(Predicate<ClientAdapter> supports) {
		return adapters.stream().filter(supports).findFirst().orElseThrow();
	}

	static List<ClientAdapter> all() {
		return adapters;
	}

	abstract boolean supports(ClientHttpRequestFactoryBuilder<?> builder);

	abstract boolean supports(ClientHttpRequestFactory requestFactory);

	/**
	 * Return a source of clients that each have connections of their own.
	 * @param builder a builder of this library
	 * @param options the options of the clients
	 * @return the source of clients
	 */
	public abstract ServiceClients clients(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options);

	/**
	 * Return why clients cannot connect to an address and use another name, which
	 * determines {@code Host}, {@code :authority}, and the check of certificates.
	 * @param builder a builder of this library
	 * @param options the options of the clients
	 * @param name the address of the requests
	 * @return the reason as the end of a sentence; {@code null} if the clients can
	 */
	public abstract @Nullable String obstacleToNames(ClientHttpRequestFactoryBuilder<?> builder,
			ServiceClientOptions options, URI name);

	/** Return the client of a request factory of this library. */
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new ServiceClient(requestFactory, null);
	}

	/**
	 * Return whether each request can have a read timeout of its own.
	 * @return {@code true} for all known libraries
	 */
	public boolean canReplaceReadTimeout() {
		return true;
	}

	/**
	 * Return whether the clients end a request when its thread is interrupted, even if
	 * this is no virtual thread.
	 * @return whether an interrupted request ends soon
	 */
	public boolean endsInterruptedRequests() {
		return false;
	}

	/**
	 * Return whether the HTTP version can be set.
	 * @return whether {@link ServiceClientOptions#httpVersion()} has an effect
	 */
	public boolean canSetHttpVersion() {
		return false;
	}

	/**
	 * Return whether zero is a valid connect timeout.
	 * @return whether zero is valid
	 */
	public boolean acceptsZeroConnectTimeout() {
		return true;
	}

	/**
	 * Classify an exception of this library.
	 * @param cause the failure or one of its causes
	 * @return the outcome, or {@code null} if the exception is not specific to this
	 * library
	 */
	@Nullable Outcome classify(Throwable cause) {
		return null;
	}

	/**
	 * Return whether an exception of this library means that the connection or the server
	 * refused a request because of others in flight.
	 * @param cause the failure or one of its causes
	 */
	boolean isRefused(Throwable cause) {
		return false;
	}

}
