package dev.servicepool.spring.http.client;

import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpCookieHandling;

/**
 * Lets the JDK clients of a pool share their cookies if cookie handling is enabled,
 * because callers do not select the service of their next request.
 */
final class JdkCookies implements Consumer<HttpClient.Builder> {

	private final boolean enabled;

	private final CookieHandler cookies = new CookieManager();

	JdkCookies(@Nullable HttpCookieHandling handling) {
		this.enabled = handling != null && handling != HttpCookieHandling.DISABLE;
	}

	@Override
	public void accept(HttpClient.Builder client) {
		if (this.enabled) {
			client.cookieHandler(this.cookies);
		}
	}

}
