package dev.servicepool.spring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the key of a server on this machine, with a certificate that it has signed
 * itself.
 */
public final class ServerKeyStore {

	/** The password of the key store. */
	public static final String PASSWORD = "changeit";

	private ServerKeyStore() {
	}

	/**
	 * Make a key store, which serves as a trust store as well.
	 * @param folder where it is put
	 * @return the file
	 */
	public static Path makeIn(Path folder) throws IOException, InterruptedException {
		Path file = folder.resolve("server.p12");
		String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		Process process = new ProcessBuilder(List.of(keytool, "-genkeypair", "-alias", "test", "-keyalg", "EC",
				"-dname", "CN=localhost", "-ext", "SAN=IP:127.0.0.1,DNS:localhost", "-validity", "2", "-storetype",
				"PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD))
			.inheritIO()
			.start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("keytool made no key store");
		}
		return file;
	}

}
