//! What Windows says about a drive: `STORAGE_DEVICE_DESCRIPTOR`, taken apart byte by byte.

/// Buses of drives that are plugged in, in the network or made of others: FireWire 4, Fibre Channel 6, USB 7, iSCSI 9,
/// SD 12, virtual 14, in a file 15, storage spaces 16.
const NOT_BUILT_IN: [u32; 8] = [4, 6, 7, 9, 12, 14, 15, 16];

/// The serial number of a drive that is built in.
pub(crate) fn built_in_serial(descriptor: &[u8]) -> Option<&[u8]> {
    let number = |at| descriptor.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let removable_medium = *descriptor.get(10)? != 0;
    let (offset, bus) = (number(24)?, number(28)?);
    if removable_medium || offset == 0 || NOT_BUILT_IN.contains(&bus) {
        return None;
    }
    descriptor.get(usize::try_from(offset).ok()?..)?.split(|byte| *byte == 0).next()
}

#[cfg(test)]
mod tests {
    use super::built_in_serial;
    use std::vec::Vec;

    fn descriptor(removable: u8, offset: u32, bus: u32) -> Vec<u8> {
        let mut bytes = Vec::from([0; 40]);
        bytes[10] = removable;
        bytes[24..28].copy_from_slice(&offset.to_le_bytes());
        bytes[28..32].copy_from_slice(&bus.to_le_bytes());
        bytes.extend(b"S4EWNX0R123456\0more");
        bytes
    }

    #[test]
    fn only_drives_that_are_built_in_have_one() {
        let nvme = descriptor(0, 40, 17);
        assert_eq!(built_in_serial(&nvme), Some(&b"S4EWNX0R123456"[..]));
        for bus in [4, 6, 7, 9, 12, 14, 15, 16] {
            assert_eq!(built_in_serial(&descriptor(0, 40, bus)), None, "{bus}");
        }
        assert_eq!(built_in_serial(&descriptor(1, 40, 17)), None);
        assert_eq!(built_in_serial(&descriptor(0, 0, 17)), None);
        assert_eq!(built_in_serial(&descriptor(0, u32::MAX, 17)), None);
        for end in 0..nvme.len() {
            let serial = built_in_serial(&nvme[..end]).unwrap_or_default();
            assert!(b"S4EWNX0R123456".starts_with(serial));
        }
    }
}
