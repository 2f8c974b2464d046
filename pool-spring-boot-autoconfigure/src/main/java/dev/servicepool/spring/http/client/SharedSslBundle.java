package dev.servicepool.spring.http.client;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * SSL bundle whose users share one context, and thereby the TLS sessions that the context
 * caches. A further connection to a server then resumes a session instead of verifying
 * the certificate again, as with one client that has all connections.
 */
final class SharedSslBundle implements SslBundle {

	private final SslBundle bundle;

	/** Guarded by this. */
	private @Nullable SSLContext context;

	SharedSslBundle(SslBundle bundle) {
		this.bundle = bundle;
	}

	@Override
	public synchronized SSLContext createSslContext() {
		SSLContext context = this.context;
		if (context == null) {
			context = this.bundle.createSslContext();
			this.context = context;
		}
		return context;
	}

	@Override
	public SslStoreBundle getStores() {
		return this.bundle.getStores();
	}

	@Override
	public SslBundleKey getKey() {
		return this.bundle.getKey();
	}

	@Override
	public SslOptions getOptions() {
		return this.bundle.getOptions();
	}

	@Override
	public String getProtocol() {
		return this.bundle.getProtocol();
	}

	@Override
	public SslManagerBundle getManagers() {
		return this.bundle.getManagers();
	}

}
