.arg   vth 0..65535
.arg   leak 0..4096 = 128
.scaled vth, leak
.acc   input -1000..1000
.state v
.state vth = vth << 6
        rdc     r0, input, 6
        add.sat v, v, r0
        cmp.gt  v, vth
        bf?n    done
        spk     #1
done:   end
