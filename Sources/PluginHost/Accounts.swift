import Glibc

/// Looks up users and groups.
enum Accounts {
    /// A user's login name, or the number where there is none.
    static func name(of user: uid_t) -> String {
        account(of: user)?.name ?? "user \(user)"
    }

    /// A user's home directory, as the user database has it.
    static func home(of user: uid_t) -> String? {
        account(of: user)?.home
    }

    /// The user's primary group, if it is named like the user and nobody else is in it.
    static func ownGroup(of user: uid_t) -> gid_t? {
        guard let account = account(of: user) else { return nil }
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 16) { buffer in
            guard let base = buffer.baseAddress,
                getgrgid_r(account.group, &entry, base, buffer.count, &found) == 0, found != nil,
                let groupName = entry.gr_name, String(cString: groupName) == account.name
            else { return nil }
            guard var member = entry.gr_mem else { return account.group }
            while let name = member.pointee {
                if String(cString: name) != account.name { return nil }
                member += 1
            }
            return account.group
        }
    }

    private static func account(of user: uid_t) -> (name: String, home: String, group: gid_t)? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer in
            guard let base = buffer.baseAddress, getpwuid_r(user, &entry, base, buffer.count, &found) == 0,
                found != nil,
                let name = entry.pw_name, let home = entry.pw_dir
            else { return nil }
            return (String(cString: name), String(cString: home), entry.pw_gid)
        }
    }
}
