package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Counts the redirects that a JDK client receives. The client follows them itself and
 * reports the failure of the second request like that of the first one, which a server
 * has processed. Only the cookie handler of a client sees each response.
 */
final class JdkRedirects extends CookieHandler {

	/** Handles the cookies, if the application has enabled them. */
	private final @Nullable CookieHandler cookies;

	/** Incremented by the threads of the client, read by any thread. */
	private final AtomicInteger count = new AtomicInteger();

	JdkRedirects(@Nullable CookieHandler cookies) {
		this.cookies = cookies;
	}

	/**
	 * Return the redirects of a client.
	 * @return the redirects; {@code null} if they are not known
	 */
	static @Nullable JdkRedirects of(HttpClient client) {
		if (client.cookieHandler().orElse(null) instanceof JdkRedirects redirects) {
			return redirects;
		}
		return (client.followRedirects() == HttpClient.Redirect.NEVER) ? new JdkRedirects(null) : null;
	}

	/** Return the number of redirects that the client has received. */
	int count() {
		return this.count.get();
	}

	@Override
	public Map<String, List<String>> get(URI uri, Map<String, List<String>> request) throws IOException {
		return (this.cookies != null) ? this.cookies.get(uri, request) : Map.of();
	}

	/** Count a response with an address before the client follows it. */
	@Override
	public void put(URI uri, Map<String, List<String>> response) throws IOException {
		if (response.containsKey("location")) {
			this.count.incrementAndGet();
		}
		if (this.cookies != null) {
			this.cookies.put(uri, response);
		}
	}

}
